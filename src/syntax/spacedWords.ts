const WIDTH = 100;

/** A word of a rule, as it is to be written. */
export interface SpacedWord {
  readonly image: string;
  readonly isSymbol: boolean;
}

const ARROWS: ReadonlySet<string> = new Set([":-", ":+", ":~", "<-"]);
const OPERATORS: ReadonlySet<string> = new Set([
  ...ARROWS,
  ...":= == != =/= <= =< >= < > = + - * / %".split(" "),
]);
const BEFORE_OPERAND: ReadonlySet<string> = new Set([...OPERATORS, "(", ",", "@", "#"]);
const NEGATIONS: ReadonlySet<string> = new Set(["notin", "not"]);

/** The words of one rule with the blanks between them that every printer writes: longer than a line, its body has its own. */
export function spacedRule(words: readonly SpacedWord[], indent: string): string {
  const arrow = words.findIndex((w) => w.isSymbol && ARROWS.has(w.image));
  if (arrow < 0) return spaced(words, "head");
  const head = `${spaced(words.slice(0, arrow), "head")} ${words[arrow]!.image}`;
  const body = spaced(words.slice(arrow + 1), "body");
  if (body === "") return head;
  const line = `${head} ${body}`;
  return indent.length + line.length <= WIDTH ? line : `${head}\n${indent}  ${body}`;
}

function spaced(words: readonly SpacedWord[], where: "head" | "body"): string {
  let text = "";
  let afterPrefix = false;
  words.forEach((word, i) => {
    const before = words[i - 1];
    const isPrefix =
      word.isSymbol &&
      (word.image === "!" ||
        word.image === "#" ||
        ("+-*".includes(word.image) && (before === undefined || awaitsOperand(before))));
    const gap = before !== undefined && !afterPrefix && isApart(before, word, isPrefix, where);
    text += (gap ? " " : "") + word.image;
    afterPrefix = isPrefix;
  });
  return text;
}

function awaitsOperand({ isSymbol, image }: SpacedWord): boolean {
  return isSymbol && BEFORE_OPERAND.has(image);
}

/** Whether a blank stands between two words. */
function isApart(
  before: SpacedWord,
  word: SpacedWord,
  isPrefix: boolean,
  where: "head" | "body",
): boolean {
  const is = (w: SpacedWord, ...images: readonly string[]): boolean =>
    w.isSymbol && images.includes(w.image);
  if (is(word, ")", ",") || is(before, "(", "@")) return false;
  if (is(before, ",")) return true;
  // In a head these enclose what an aggregate is of.
  if (where === "head" && (is(before, "<", ">") || is(word, "<", ">"))) return false;
  const binds = (w: SpacedWord): boolean => w.isSymbol && OPERATORS.has(w.image);
  if (binds(before) || (binds(word) && !isPrefix)) return true;
  const negates = !before.isSymbol && NEGATIONS.has(before.image);
  if (word.isSymbol && word.image.startsWith("@")) return negates;
  if (is(word, "(")) return false;
  return true;
}
