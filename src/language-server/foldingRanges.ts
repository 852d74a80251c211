import type { FoldingRange } from "vscode-languageserver-types";
import type { Span } from "../program/diagnostic.ts";
import { tokensOf } from "./declaredNames.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import type { TextFile } from "./textFiles.ts";
import { positionAt } from "./textLines.ts";

/** Components, rules and declarations of a file that go over several lines, and comments. */
export function foldingRanges(
  document: LanguageDocument,
  file: TextFile = document.files[0]!,
): readonly FoldingRange[] {
  const { rules, components, declarations } = document.read.sourceMap;
  const lastLine = positionAt(document.lines, file.span.end).line;
  const code = [
    ...[...components.values()].map(({ block }) => fold(document, block, 1)),
    ...[...rules.values()].map(({ rule }) => fold(document, rule, 0)),
    ...[...declarations.values()].map((span) => fold(document, span, 0)),
  ];
  const comments = commentSpans(document).map((span) => fold(document, span, 0, "comment"));
  return [...code, ...comments]
    .filter((r) => file.firstLine <= r.startLine && r.endLine <= lastLine)
    .flatMap(({ startLine, endLine, ...kind }) =>
      startLine < endLine
        ? [{ startLine: startLine - file.firstLine, endLine: endLine - file.firstLine, ...kind }]
        : [],
    )
    .toSorted((a, b) => a.startLine - b.startLine);
}

/** `keep` lines at its end stay in sight: the closing brace. */
function fold(
  { lines }: LanguageDocument,
  { start, end }: Span,
  keep: number,
  kind?: "comment",
): FoldingRange {
  const startLine = positionAt(lines, start).line;
  return {
    startLine,
    endLine: Math.max(startLine, positionAt(lines, end).line - keep),
    ...(kind && { kind }),
  };
}

/** Line comments on lines one after the other are one. */
function commentSpans(document: LanguageDocument): readonly Span[] {
  const runs: { start: number; end: number }[] = [];
  for (const { startOffset: start, image } of tokensOf(document).comments) {
    const end = start + image.length;
    const last = runs.at(-1);
    const gap = last === undefined ? "" : document.text.slice(last.end, start);
    if (last !== undefined && /^[ \t]*(?:\r\n|\n|\r)?[ \t]*$/.test(gap)) last.end = end;
    else runs.push({ start, end });
  }
  return runs;
}
