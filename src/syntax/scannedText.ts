import type { IToken } from "chevrotain";
import { movedSpan } from "./movedPlaces.ts";
import type { OwnScanned, Scanned } from "./tokens.ts";
import { endOf, scan } from "./tokens.ts";

/** What a text has in common with the one before it: so many of its first and of its last tokens, those moved on. */
export interface KeptTokens {
  readonly before: number;
  readonly after: number;
  readonly by: number;
}

const NOTHING_KEPT: KeptTokens = { before: 0, after: 0, by: 0 };

/**
 * The tokens of the text that was scanned last: of the next text only the lines that differ are scanned. Nothing but a
 * block comment reaches over a line's end. The tokens of one reading are moved for the next, so nobody may keep them.
 */
export class ScannedText {
  #text = "";
  #scanned: OwnScanned = { tokens: [], comments: [], unreadable: [] };
  #kept = NOTHING_KEPT;

  /** What the text that was scanned last has in common with the one before it. */
  get kept(): KeptTokens {
    return this.#kept;
  }

  /** What `scan` answers. */
  scan(text: string): Scanned {
    this.#kept = NOTHING_KEPT;
    this.#scanned = this.#again(text) ?? scan(text);
    this.#text = text;
    return this.#scanned;
  }

  /** Undefined where a comment reaches into the lines that differ, or out of them. */
  #again(text: string): OwnScanned | undefined {
    const { start, endBefore, end } = differingLines(this.#text, text);
    const { tokens, comments, unreadable } = this.#scanned;
    if (isCrossed(comments, start) || isCrossed(comments, endBefore)) return undefined;
    const middle = scan(text.slice(start, end));
    if (isOpen(comments.at(-1)) || (end < text.length && isOpen(middle.comments.at(-1))))
      return undefined;
    const by = end - endBefore;
    const [before, after] = [firstFrom(tokens, start), firstFrom(tokens, endBefore)];
    this.#kept = { before, after: tokens.length - after, by };
    const ofComments = [firstFrom(comments, start), firstFrom(comments, endBefore)] as const;
    return {
      tokens: joined(tokens, [before, after], by, moved(middle.tokens, start)),
      comments: joined(comments, ofComments, by, moved(middle.comments, start)),
      unreadable: [
        ...unreadable.filter((span) => span.start < start),
        ...middle.unreadable.map((span) => movedSpan(span, start)),
        ...unreadable.filter((span) => span.start >= endBefore).map((span) => movedSpan(span, by)),
      ],
    };
  }
}

/** So many are put into the list that there is; more than fit into a call make a new one. */
const MOST_PUT_BETWEEN = 1000;

/** With others between those before the first place and those from the second on. */
function joined(
  tokens: IToken[],
  [before, after]: readonly [number, number],
  by: number,
  between: IToken[],
): IToken[] {
  if (by !== 0) for (let i = after; i < tokens.length; i++) move(tokens[i]!, by);
  if (between.length > MOST_PUT_BETWEEN)
    return tokens.slice(0, before).concat(between, tokens.slice(after));
  tokens.splice(before, after - before, ...between);
  return tokens;
}

interface Lines {
  /** Where they begin in both texts, and where they end in each. */
  readonly start: number;
  readonly endBefore: number;
  readonly end: number;
}

const LINE_END = "\n".charCodeAt(0);

/** Compared at once, which is faster than one character after the other. */
const STRETCH = 1024;

function isSame(before: string, after: string, start: number, startAfter: number): boolean {
  return before.slice(start, start + STRETCH) === after.slice(startAfter, startAfter + STRETCH);
}

function differingLines(before: string, after: string): Lines {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter - STRETCH && isSame(before, after, head, head)) head += STRETCH;
  while (head < shorter && before.charCodeAt(head) === after.charCodeAt(head)) head++;
  let tail = 0;
  const fromEnd = (text: string, i: number): number => text.charCodeAt(text.length - 1 - i);
  const isSameEnd = (end: number): boolean =>
    isSame(before, after, before.length - end - STRETCH, after.length - end - STRETCH);
  while (tail < shorter - head - STRETCH && isSameEnd(tail)) tail += STRETCH;
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

function moved(tokens: IToken[], by: number): IToken[] {
  if (by !== 0) for (const token of tokens) move(token, by);
  return tokens;
}

function move(token: IToken, by: number): void {
  token.startOffset += by;
  if (token.endOffset !== undefined) token.endOffset += by;
}

/** Comments do not overlap: only the last that begins before a place can reach over it. */
function isCrossed(comments: readonly IToken[], offset: number): boolean {
  const last = comments[firstFrom(comments, offset) - 1];
  return last !== undefined && endOf(last) > offset;
}

/** A block comment that is not closed goes on to the end. */
function isOpen(comment: IToken | undefined): boolean {
  if (comment === undefined) return false;
  const { image } = comment;
  return image.startsWith("/*") && !(image.length >= 4 && image.endsWith("*/"));
}
