import type { Span } from "../program/diagnostic.ts";
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
  const ranges = found.length > 0 ? found : [{ start: 0, end: text.length, escapes: false }];
  const pieces = ranges.map((r) => (r.escapes ? piecesOf(text, r) : []));
  const source = unescaped(text, pieces.flat());
  return ranges.map(({ start, end, escapes }, i) => ({
    start,
    end,
    text: source,
    ...(escapes
      ? scanPieces(source, pieces[i]!)
      : scanNotation(source, HYDROFLOW_WORDS, start, end)),
  }));
}

/** Whether it is a Rust file with datalog in it. */
export function callsDatalog(text: string): boolean {
  return rustStrings(text).length > 0;
}

/** All of a Rust file but its datalog. */
export function aroundStrings(text: string): readonly string[] {
  const strings = hydroflowStrings(text);
  const ends = [0, ...strings.map((s) => s.end)];
  return ends.map((end, i) => text.slice(end, strings[i]?.start ?? text.length));
}

/** What a stretch of a plain Rust string means; one without an escape in it means itself. */
interface Piece {
  readonly span: Span;
  /** Never longer than the stretch. */
  readonly image: string;
  readonly isEscape: boolean;
}

/** What no escape of Rust's is stays as it stands, and is an error there. */
const ESCAPE =
  /\\(?:(?<letter>[nrt0'"\\])|x(?<byte>[0-7][0-9A-Fa-f])|u\{(?<point>[0-9A-Fa-f_]+)\}|\r?\n[ \t\n\r]*)/g;
const LETTERS: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["0", "\0"],
]);

function piecesOf(text: string, { start, end }: RustString): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = start;
  const upTo = (to: number): void => {
    const span = { start: at, end: to };
    if (at < to) pieces.push({ span, image: text.slice(at, to), isEscape: false });
  };
  for (const match of text.slice(start, end).matchAll(ESCAPE)) {
    const from = start + match.index;
    upTo(from);
    at = from + match[0].length;
    pieces.push({ span: { start: from, end: at }, image: meaning(match), isEscape: true });
  }
  upTo(end);
  return pieces;
}

/** A backslash at the end of a line goes on where the next line's text begins. */
function meaning({ 0: escape, groups }: RegExpMatchArray): string {
  const { letter, byte, point } = groups!;
  if (letter !== undefined) return LETTERS.get(letter) ?? letter;
  const digits = byte ?? point?.replaceAll("_", "");
  if (digits === undefined) return "";
  const code = digits.length > 6 ? NaN : Number.parseInt(digits, 16);
  const isCharacter = code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : escape;
}

/** Every scanner passes over it. */
const FILLER = "\u2060";

/** The file with the escapes of its plain strings resolved, and each character still where it stood. */
function unescaped(text: string, pieces: readonly Piece[]): string {
  let from = 0;
  const parts: string[] = [];
  for (const { span, image, isEscape } of pieces) {
    if (!isEscape) continue;
    parts.push(text.slice(from, span.start), image.padStart(span.end - span.start, FILLER));
    from = span.end;
  }
  return parts.length === 0 ? text : parts.join("") + text.slice(from);
}

/** The words of what the pieces mean together, at their places in the file. */
function scanPieces(source: string, pieces: readonly Piece[]): NotationText {
  const places = pieces.flatMap(({ span, image, isEscape }) =>
    Array.from({ length: image.length }, (_, i) =>
      isEscape ? span : { start: span.start + i, end: span.start + i + 1 },
    ),
  );
  const inFile = ({ start, end }: Span): Span => ({
    start: places[start]!.start,
    end: places[end - 1]!.end,
  });
  const { tokens, comments } = scanNotation(pieces.map((p) => p.image).join(""), HYDROFLOW_WORDS);
  return {
    tokens: tokens.map((t) => ({ ...t, span: inFile(t.span) })),
    comments: comments.map((c) => {
      const span = inFile(c.span);
      const start = places[c.span.end - c.text.length]?.start ?? span.end;
      return { ...c, text: source.slice(start, span.end), span };
    }),
  };
}

/** A call, and what Rust may hold that is none: comments, other strings, characters. */
const RUST = new RegExp(
  [
    /\bdatalog\s*!\s*[([{]\s*(?:r(?<raw>#*))?"/,
    /\b[bc]?r(?<other>#*)"/,
    /'(?:\\(?:u\{\w*\}|x\w\w|.)|[^\\'])'/,
    /\/\/|\/\*|"/,
    // A comment, where the datalog stands by itself: Rust has attributes there.
    /(?<!\w)#(?!\s*!?\s*\[)/,
  ]
    .map((pattern) => pattern.source)
    .join("|"),
  "gu",
);

interface RustString {
  readonly start: number;
  readonly end: number;
  /** Whether a backslash means something in it. */
  readonly escapes: boolean;
}

/** Passes over Rust's comments and other strings, in linear time. */
function rustStrings(text: string): readonly RustString[] {
  const found: RustString[] = [];
  if (!text.includes("datalog")) return found;
  RUST.lastIndex = 0;
  for (let match = RUST.exec(text); match !== null; match = RUST.exec(text)) {
    const { raw, other } = match.groups!;
    const start = RUST.lastIndex;
    const [opening] = match;
    const hashes = raw ?? other;
    if (opening === "//" || opening === "#") RUST.lastIndex = past(text, "\n", start);
    else if (opening === "/*") RUST.lastIndex = pastComment(text, start);
    else if (opening.endsWith('"')) {
      const close = `"${hashes ?? ""}`;
      const end = hashes === undefined ? pastString(text, start) : past(text, close, start);
      RUST.lastIndex = end;
      if (!opening.startsWith("datalog")) continue;
      const closed = text.startsWith(close, end - close.length) && end - close.length >= start;
      found.push({
        start,
        end: closed ? end - close.length : text.length,
        escapes: raw === undefined,
      });
    }
  }
  return found;
}

/** Rust's comments nest. */
function pastComment(text: string, from: number): number {
  let depth = 1;
  for (const mark of text.slice(from).matchAll(/\/\*|\*\//g)) {
    depth += mark[0] === "/*" ? 1 : -1;
    if (depth === 0) return from + mark.index + 2;
  }
  return text.length;
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
