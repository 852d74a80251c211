import type { NotationText, NotationWords } from "./notationTokens.ts";
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
}

/** The strings of the `datalog!` calls in a Rust file; a text without any is itself the one. */
export function hydroflowStrings(text: string): readonly HydroflowString[] {
  const found = rustStrings(text);
  const ranges = found.length > 0 ? found : [{ start: 0, end: text.length }];
  return ranges.map(({ start, end }) => ({
    start,
    end,
    ...scanNotation(text, HYDROFLOW_WORDS, start, end),
  }));
}

const CALL = /datalog!\s*[([{]\s*(?:r(#*))?"/y;
const RAW = /r(#*)"/y;
const CHARACTER = /'(?:\\.|[^\\'])'/y;

/** Passes over Rust's comments and other strings, in linear time. */
function rustStrings(text: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
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
      found.push({ start, end: closed ? i - close.length : text.length });
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
