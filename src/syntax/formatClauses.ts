import type { Span } from "../program/diagnostic.ts";
import { cutHydroflow, hydroflowStrings } from "./hydroflowText.ts";
import type { HydroflowString } from "./hydroflowText.ts";
import type { LayoutItem } from "./layoutItems.ts";
import { withComments, writeItems } from "./layoutItems.ts";
import type { NotationText, NotationToken } from "./notationTokens.ts";
import { cutClauses } from "./readClauses.ts";
import { spacedRule } from "./spacedWords.ts";

/** A text that is cut into statements. */
interface CutText extends NotationText {
  readonly statements: readonly (readonly NotationToken[])[];
  /** What ends a statement; the first one where it is forgotten. Not all have an end. */
  readonly ends: readonly string[];
  readonly isEndNeeded: boolean;
}

/** A text of Molly's or the prototype notation in canonical layout; statements with a fault stay as they are. */
export function formatClauses(
  text: string,
  notation: "molly" | "prototype",
  faults: readonly Span[],
): string {
  const { tokens, comments, statements } = cutClauses(text, notation);
  const ends = notation === "molly" ? [";"] : [";", "."];
  const items = itemsOf(text, { tokens, comments, statements, ends, isEndNeeded: true }, faults);
  return items.length === 0 ? "" : `${writeItems(text, items).join("\n")}\n`;
}

/** Hydroflow datalog in canonical layout; of a Rust file, what stands in its `datalog!` calls. */
export function formatHydroflow(text: string, faults: readonly Span[]): string {
  const strings = hydroflowStrings(text);
  const [only] = strings;
  if (strings.length === 1 && only?.start === 0 && only.end === text.length) {
    const lines = writeItems(text, hydroflowItems(text, only, faults));
    return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
  }
  let result = "";
  let at = 0;
  for (const string of strings) {
    result += text.slice(at, string.start) + formatString(text, string, faults);
    at = string.end;
  }
  return result + text.slice(at);
}

/** Laid out at the margin that it has; a string of one line, and one with Rust's escapes in it, stays. */
function formatString(text: string, string: HydroflowString, faults: readonly Span[]): string {
  const { start, end } = string;
  const inside = text.slice(start, end);
  const items = hydroflowItems(text, string, faults);
  const isPlain = string.text.slice(start, end) === inside;
  if (!isPlain || items.length === 0 || !inside.includes("\n")) return inside;
  const margin = /\n([ \t]*)\S/.exec(inside)?.[1] ?? "";
  const tail = /\n([ \t]*)$/.exec(inside);
  return `\n${writeItems(text, items, margin).join("\n")}${tail === null ? "" : `\n${tail[1]}`}`;
}

function hydroflowItems(
  text: string,
  { tokens, comments }: HydroflowString,
  faults: readonly Span[],
): readonly LayoutItem[] {
  const cut = { tokens, comments, statements: cutHydroflow(tokens), ends: ["."] };
  return itemsOf(text, { ...cut, isEndNeeded: false }, faults);
}

function itemsOf(text: string, cut: CutText, faults: readonly Span[]): readonly LayoutItem[] {
  const verbatim: Span[] = [];
  const next = new Map(cut.tokens.map((token, i) => [token, cut.tokens[i + 1]]));
  const items = cut.statements.map((statement): LayoutItem => {
    const last = statement.at(-1)!;
    const after = next.get(last);
    const isEnded = after?.kind === "symbol" && cut.ends.includes(after.image);
    const span = {
      start: statement[0]!.span.start,
      end: isEnded ? after.span.end : last.span.end,
    };
    const raw = text.slice(span.start, span.end).trimEnd();
    if (faults.some((f) => f.start <= span.end && span.start <= f.end)) {
      verbatim.push(span);
      return { kind: "statement", span, print: () => raw };
    }
    const end = isEnded ? after.image : cut.isEndNeeded ? cut.ends[0]! : "";
    const words = statement.map(({ kind, image }) => ({ image, isSymbol: kind === "symbol" }));
    return { kind: "statement", span, print: (indent) => spacedRule(words, indent) + end };
  });
  const comments = cut.comments.map(({ span }) => ({
    image: text.slice(span.start, span.end),
    span,
  }));
  return withComments(items, comments, verbatim);
}
