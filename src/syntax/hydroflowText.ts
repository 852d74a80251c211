import type { NotationText, NotationToken, NotationWords } from "./notationTokens.ts";
import { scanNotation } from "./notationTokens.ts";

export const HYDROFLOW_WORDS: NotationWords = {
  lineComments: ["#", "//"],
  blockComments: false,
  name: /[A-Za-z0-9_]+/y,
  symbols:
    ".input .output .static .async .persist :- :+ :~ == != <= >= < > ! @ ( ) , . * + - %".split(
      " ",
    ),
  snippets: true,
  strings: false,
  atoms: false,
};

/** One datalog string: one component. */
export interface HydroflowString extends NotationText {
  readonly start: number;
  readonly end: number;
  /** The file, with the escapes of plain strings resolved. */
  readonly text: string;
}

/** The strings of the `datalog!` calls in a Rust file; a text without any is itself the one. */
export function hydroflowStrings(text: string): readonly HydroflowString[] {
  const found = rustStrings(text);
  const source = unescaped(text, found);
  const ranges = found.length > 0 ? found : [{ start: 0, end: text.length, escapes: false }];
  return ranges.map(({ start, end, escapes }) => {
    const { tokens, comments } = scanNotation(source, HYDROFLOW_WORDS, start, end);
    const bare = escapes
      ? tokens.map((t) => ({ ...t, image: t.image.replaceAll(FILLER, "") }))
      : tokens;
    return { start, end, text: source, tokens: bare, comments };
  });
}

/** All of a Rust file but its datalog. */
export function aroundStrings(text: string): readonly string[] {
  const strings = hydroflowStrings(text);
  const ends = [0, ...strings.map((s) => s.end)];
  return ends.map((end, i) => text.slice(end, strings[i]?.start ?? text.length));
}

/** Every scanner passes over it. */
const FILLER = "\u2060";
const ESCAPED: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["0", "\0"],
]);

/** The file with the escapes of its plain strings resolved, and each character still where it stood. */
function unescaped(text: string, strings: readonly RustString[]): string {
  const pieces: string[] = [];
  let from = 0;
  for (const { start, end, escapes } of strings) {
    if (!escapes) continue;
    const inside = text.slice(start, end).replace(/\\([^])/g, (_, c: string) =>
      // A backslash at the end of a line goes on without it.
      c === "\n" ? FILLER + FILLER : FILLER + (ESCAPED.get(c) ?? c),
    );
    pieces.push(text.slice(from, start), inside);
    from = end;
  }
  return pieces.length === 0 ? text : pieces.join("") + text.slice(from);
}

const CALL = /datalog!\s*[([{]\s*(?:r(#*))?"/y;
const RAW = /r(#*)"/y;
const CHARACTER = /'(?:\\.|[^\\'])'/y;

interface RustString {
  readonly start: number;
  readonly end: number;
  /** Whether a backslash means something in it. */
  readonly escapes: boolean;
}

/** Passes over Rust's comments and other strings, in linear time. */
function rustStrings(text: string): RustString[] {
  const found: RustString[] = [];
  for (let i = 0; i < text.length;) {
    const rest = text.charAt(i);
    if (rest === "/" && text.charAt(i + 1) === "/") i = past(text, "\n", i);
    else if (rest === "/" && text.charAt(i + 1) === "*") i = past(text, "*/", i + 2);
    else if (rest === '"') i = pastString(text, i + 1);
    else if (rest === "'") i += matchAt(CHARACTER, text, i)?.[0].length ?? 1;
    else if (rest === "r" && !/[A-Za-z0-9_]/.test(text.charAt(i - 1)) && matchAt(RAW, text, i)) {
      const hashes = matchAt(RAW, text, i)![1]!;
      i = past(text, `"${hashes}`, i + 2 + hashes.length);
    } else if (rest === "d" && matchAt(CALL, text, i)) {
      const [call, hashes] = matchAt(CALL, text, i)!;
      const start = i + call.length;
      const close = hashes === undefined ? '"' : `"${hashes}`;
      i = hashes === undefined ? pastString(text, start) : past(text, close, start);
      const closed = text.startsWith(close, i - close.length) && i - close.length >= start;
      found.push({
        start,
        end: closed ? i - close.length : text.length,
        escapes: hashes === undefined,
      });
    } else i++;
  }
  return found;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function past(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from);
  return at < 0 ? text.length : at + what.length;
}

function pastString(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    if (text.charAt(i) === "\\") i++;
    else if (text.charAt(i) === '"') return i + 1;
  }
  return text.length;
}

export const DIRECTIVES: ReadonlySet<string> = new Set([
  ".input",
  ".output",
  ".static",
  ".async",
  ".persist",
]);
const ARROWS: ReadonlySet<string> = new Set([":-", ":+", ":~"]);

/**
 * Cuts the tokens into declarations and rules. A rule needs no end of its own: the next one begins where a name follows
 * what no comma or operator continues; one that begins a line and has an arrow also ends an unfinished one.
 */
export function cutHydroflow(
  tokens: readonly NotationToken[],
): readonly (readonly NotationToken[])[] {
  const found: NotationToken[][] = [];
  let current: NotationToken[] = [];
  let depth = 0;
  let arrows = 0;
  let lineStart = 0;
  const end = (): void => {
    if (current.length > 0) found.push(current);
    [current, depth, arrows, lineStart] = [[], 0, 0, 0];
  };
  for (const token of tokens) {
    const previous = current.at(-1);
    if (token.kind === "symbol" && token.image === "." && depth <= 0) {
      end();
      continue;
    }
    if (token.kind === "symbol" && DIRECTIVES.has(token.image)) end();
    else if (
      token.kind === "name" &&
      previous !== undefined &&
      depth <= 0 &&
      ends(previous, current)
    )
      end();
    else if (token.kind === "name" && token.beginsLine) lineStart = current.length;
    if (token.kind === "symbol" && ARROWS.has(token.image)) {
      if (arrows > 0 && lineStart > 0) {
        const rest = current.splice(lineStart);
        end();
        current = rest;
      }
      arrows++;
    }
    if (token.image === "(") depth++;
    if (token.image === ")") depth--;
    current.push(token);
  }
  end();
  return found;
}

/** Whether nothing can follow this token but a new statement. */
function ends(previous: NotationToken, current: readonly NotationToken[]): boolean {
  if (previous.kind === "snippet" || previous.image === ")") return true;
  return previous.kind === "name" && current.length === 2 && DIRECTIVES.has(current[0]!.image);
}
