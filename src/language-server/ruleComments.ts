import type { Span } from "../program/diagnostic.ts";
import { tokensOf } from "./declaredNames.ts";
import type { LanguageDocument } from "./languageDocument.ts";

/** What is said of a rule: in the lines right above it, between its words, and behind it in its last line. */
export interface RuleComments {
  readonly above: readonly string[];
  readonly within: readonly string[];
  readonly behind: string | undefined;
  /** All of the rule's lines with those above; just the rule where other code shares its lines. */
  readonly whole: Span;
  /** The rule's own, with what ends it: up to the comment behind it. */
  readonly own: Span;
}

const BEHIND = /^[ \t]*[.;]?[ \t]*((?:\/\/|#|%).*|\/\*(?:(?!\*\/).)*\*\/)?[ \t]*\r?$/;

export function commentsOf(document: LanguageDocument, span: Span): RuleComments {
  const { text } = document;
  const start = lineStart(text, span.start);
  const end = lineEnd(text, span.end);
  const rest = BEHIND.exec(text.slice(span.end, end));
  const within = tokensOf(document).comments.flatMap(({ startOffset, image }) =>
    span.start <= startOffset && startOffset < span.end ? [image] : [],
  );
  const alone = rest !== null && /^[ \t]*$/.test(text.slice(start, span.start));
  if (!alone) {
    const ending = /^[ \t]*[.;][ \t]*/.exec(text.slice(span.end))?.[0].length ?? 0;
    const own = { start: span.start, end: span.end + ending };
    return { above: [], within, behind: undefined, whole: own, own };
  }
  const above = linesAbove(document, start);
  const behind = rest[1];
  const ownEnd = behind === undefined ? end : span.end + rest[0].indexOf(behind);
  return {
    above: above.lines,
    within,
    behind: behind?.trimEnd(),
    whole: { start: above.start, end: Math.min(end + 1, text.length) },
    own: { start: span.start, end: ownEnd },
  };
}

/** Comments on lines of their own without a gap to what follows; those that open the text are about all of it. */
function linesAbove(
  document: LanguageDocument,
  from: number,
): { readonly start: number; readonly lines: readonly string[] } {
  const { text } = document;
  const lines: string[] = [];
  let start = from;
  for (const { startOffset, image } of tokensOf(document).comments.toReversed()) {
    const end = startOffset + image.length;
    if (end > start) continue;
    const line = lineStart(text, startOffset);
    const adjoins = /^[ \t]*\r?\n$/.test(text.slice(end, start));
    if (!adjoins || !/^[ \t]*$/.test(text.slice(line, startOffset))) break;
    if (line === 0) return { start: from, lines: [] };
    lines.unshift(text.slice(startOffset, end));
    start = line;
  }
  return { start, lines };
}

export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
}

export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end;
}
