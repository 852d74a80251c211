import type { SourceMap, Span } from "../program/diagnostic.ts";
import { printCompact } from "../program/printCompact.ts";
import type { Dialect } from "./dialect.ts";
import { hydroflowStrings } from "./hydroflowText.ts";
import { cutClauses } from "./readClauses.ts";
import { read } from "./read.ts";
import type { ReadResult } from "./readResult.ts";
import * as words from "./tokens.ts";

const MARKS: Readonly<Record<Dialect, string>> = {
  compact: "//",
  paper: "//",
  hydroflow: "#",
  molly: "//",
  prototype: "%",
};

/** A text and what it reads as. */
export type ReadText = Pick<ReadResult, "dialect" | "sourceMap"> & { readonly text: string };

interface Comment {
  readonly span: Span;
  /** Without what begins and ends it. */
  readonly lines: readonly string[];
}

/** Where a comment goes in a printed text. */
interface Place {
  readonly offset: number;
  readonly isBehind: boolean;
}

interface Printed {
  readonly printed: string;
  readonly map: SourceMap;
  readonly hasBlocks: boolean;
}

/**
 * A text printed of a program with the comments of the text that was read: behind the same rules, and above those that
 * come next. Without them where they do not fit.
 */
export function withCarriedComments(printed: string, to: Dialect, from: ReadText): string {
  const comments = commentsOf(from.text, from.dialect);
  if (comments.length === 0) return printed;
  const plain = read(printed, { dialect: to });
  const hasBlocks = to === "compact" || to === "paper";
  const added = comments.map((comment) => ({
    comment,
    place: placeOf(comment.span, from, { printed, map: plain.sourceMap, hasBlocks }),
  }));
  let text = printed;
  // From the end on, so that places stay; of two at one place the later one first.
  for (const { comment, place } of added.toReversed().toSorted(byOffset)) {
    text = inserted(text, place, comment, MARKS[to]);
  }
  const again = read(text, { dialect: to });
  const same =
    again.broken.length === plain.broken.length &&
    printCompact(again.program) === printCompact(plain.program);
  return same ? text : printed;
}

function byOffset(a: { readonly place: Place }, b: { readonly place: Place }): number {
  return b.place.offset - a.place.offset;
}

function placeOf(
  comment: Span,
  { text, sourceMap }: { readonly text: string; readonly sourceMap: SourceMap },
  { printed, map, hasBlocks }: Printed,
): Place {
  const rules = [...sourceMap.rules]
    .flatMap(([id, { rule }]) => {
      const target = map.rules.get(id)?.rule;
      return target === undefined ? [] : [{ rule, target }];
    })
    .toSorted((a, b) => a.rule.start - b.rule.start);
  const before = rules.findLast(({ rule }) => rule.end <= comment.start);
  if (before !== undefined && !/\n/.test(text.slice(before.rule.end, comment.start))) {
    return { offset: lineEnd(printed, before.target.end), isBehind: true };
  }
  const next = rules.find(({ rule }) => comment.start < rule.end);
  if (next === undefined) return { offset: printed.length, isBehind: false };
  const block = [...sourceMap.components].find(
    ([, { block: b }]) => hasBlocks && comment.start < b.start && b.start <= next.rule.start,
  );
  const start = (block && map.components.get(block[0])?.block.start) ?? next.target.start;
  return { offset: lineStart(printed, start), isBehind: false };
}

function inserted(text: string, { offset, isBehind }: Place, { lines }: Comment, mark: string) {
  const indent = isBehind ? "" : /^[ \t]*/.exec(text.slice(offset))![0];
  const written = lines.map((line) => `${indent}${mark}${line}`.trimEnd());
  const [before, after] = [text.slice(0, offset), text.slice(offset)];
  return isBehind
    ? `${before} ${written.join(" ")}${after}`
    : `${before}${written.join("\n")}\n${after}`;
}

/** Those that say something to people, in text order. */
function commentsOf(text: string, dialect: Dialect): readonly Comment[] {
  return spansOf(text, dialect).flatMap((span): Comment[] => {
    const image = text.slice(span.start, span.end);
    const bare = image.startsWith("/*")
      ? image.slice(2).replace(/\*\/$/, "")
      : image.replace(/^(?:\/\/|#|%)/, "");
    if (/^\s*(?:clew|dialect):/.test(bare)) return [];
    const lines = bare.split(/\r\n|\n|\r/).map((line) => line.replace(/^\s*\*(?=\s|$)/, ""));
    return [
      { span, lines: lines.length === 1 ? lines : lines.filter((line) => line.trim() !== "") },
    ];
  });
}

function spansOf(text: string, dialect: Dialect): readonly Span[] {
  switch (dialect) {
    case "compact":
    case "paper":
      return words.scan(text).comments.map((token) => words.spanOf(token));
    case "hydroflow":
      return hydroflowStrings(text).flatMap((s) => s.comments.map((c) => c.span));
    case "molly":
    case "prototype":
      return cutClauses(text, dialect).comments.map((c) => c.span);
  }
}

function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end;
}
