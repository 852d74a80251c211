import type { IToken } from "chevrotain";
import type { Span } from "../program/diagnostic.ts";
import type { Scanned } from "./tokens.ts";
import { endOf, scan } from "./tokens.ts";

/**
 * The tokens of the text that was scanned last: of the next text only the lines that differ are scanned. Nothing but a
 * block comment reaches over a line's end. The tokens of one reading are moved for the next, so nobody may keep them.
 */
export class ScannedText {
  #text = "";
  #scanned: Scanned = { tokens: [], comments: [], unreadable: [] };

  /** What `scan` answers. */
  scan(text: string): Scanned {
    this.#scanned = this.#again(text) ?? scan(text);
    this.#text = text;
    return this.#scanned;
  }

  /** Undefined where a comment reaches into the lines that differ, or out of them. */
  #again(text: string): Scanned | undefined {
    const { start, endBefore, end } = differingLines(this.#text, text);
    const { comments } = this.#scanned;
    const spans = comments.map((comment) => reach(comment));
    if (spans.some((s) => crosses(s, start) || crosses(s, endBefore))) return undefined;
    const middle = scan(text.slice(start, end));
    if (isOpen(comments.at(-1)) || (end < text.length && isOpen(middle.comments.at(-1))))
      return undefined;
    const joined = (of: readonly IToken[], between: readonly IToken[]): readonly IToken[] => [
      ...of.slice(0, firstFrom(of, start)),
      ...moved(between, start),
      ...moved(of.slice(firstFrom(of, endBefore)), end - endBefore),
    ];
    const { unreadable } = this.#scanned;
    return {
      tokens: joined(this.#scanned.tokens, middle.tokens),
      comments: joined(this.#scanned.comments, middle.comments),
      unreadable: [
        ...unreadable.filter((span) => span.start < start),
        ...middle.unreadable.map((span) => movedSpan(span, start)),
        ...unreadable
          .filter((span) => span.start >= endBefore)
          .map((span) => movedSpan(span, end - endBefore)),
      ],
    };
  }
}

interface Lines {
  /** Where they begin in both texts, and where they end in each. */
  readonly start: number;
  readonly endBefore: number;
  readonly end: number;
}

const LINE_END = "\n".charCodeAt(0);

function differingLines(before: string, after: string): Lines {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before.charCodeAt(head) === after.charCodeAt(head)) head++;
  let tail = 0;
  const fromEnd = (text: string, i: number): number => text.charCodeAt(text.length - 1 - i);
  while (tail < shorter - head && fromEnd(before, tail) === fromEnd(after, tail)) tail++;
  const start = head === 0 ? 0 : before.lastIndexOf("\n", head - 1) + 1;
  const isLine = fromEnd(before, tail) === LINE_END && fromEnd(after, tail) === LINE_END;
  const lineEnd = before.indexOf("\n", before.length - tail - (isLine ? 1 : 0));
  const endBefore = lineEnd < 0 ? before.length : lineEnd + 1;
  return { start, endBefore, end: endBefore + after.length - before.length };
}

/** The place of the first token that begins there or later. */
function firstFrom(tokens: readonly IToken[], offset: number): number {
  let [low, high] = [0, tokens.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tokens[middle]!.startOffset < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function moved(tokens: readonly IToken[], by: number): readonly IToken[] {
  if (by === 0) return tokens;
  for (const token of tokens) {
    token.startOffset += by;
    if (token.endOffset !== undefined) token.endOffset += by;
  }
  return tokens;
}

function movedSpan({ start, end }: Span, by: number): Span {
  return { start: start + by, end: end + by };
}

function reach(token: IToken): Span {
  return { start: token.startOffset, end: endOf(token) };
}

function crosses({ start, end }: Span, offset: number): boolean {
  return start < offset && end > offset;
}

/** A block comment that is not closed goes on to the end. */
function isOpen(comment: IToken | undefined): boolean {
  if (comment === undefined) return false;
  const { image } = comment;
  return image.startsWith("/*") && !(image.length >= 4 && image.endsWith("*/"));
}
