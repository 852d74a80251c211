import type { Position, Range } from "vscode-languageserver-types";
import type { Span } from "../program/diagnostic.ts";

/** Where the lines of a text begin. Both sides count UTF-16 code units, as LSP does unless something else is agreed. */
export interface TextLines {
  readonly text: string;
  readonly starts: readonly number[];
}

/** Lines end at `\n`, `\r\n` or `\r`, as in LSP. */
export function textLines(text: string): TextLines {
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(/\r\n|\n|\r/g)) starts.push(index + end.length);
  return { text, starts };
}

export function positionAt({ text, starts }: TextLines, offset: number): Position {
  const within = Math.max(0, Math.min(offset, text.length));
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= within) low = middle + 1;
    else high = middle;
  }
  return { line: low - 1, character: within - starts[low - 1]! };
}

/** The text's end for a line that it does not have, the line's end for a character that the line does not have. */
export function offsetAt({ text, starts }: TextLines, { line, character }: Position): number {
  const start = starts[line];
  if (start === undefined) return line < 0 ? 0 : text.length;
  const next = starts[line + 1];
  const end = next === undefined ? text.length : start + lineLength(text.slice(start, next));
  return Math.max(start, Math.min(start + character, end));
}

function lineLength(line: string): number {
  return line.replace(/[\r\n]+$/, "").length;
}

export function rangeOf(lines: TextLines, { start, end }: Span): Range {
  return { start: positionAt(lines, start), end: positionAt(lines, end) };
}

export function spanOfRange(lines: TextLines, { start, end }: Range): Span {
  return { start: offsetAt(lines, start), end: offsetAt(lines, end) };
}

export function contains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Whether they share a character, or an edge. */
export function touches(a: Span, b: Span): boolean {
  return a.start <= b.end && b.start <= a.end;
}
