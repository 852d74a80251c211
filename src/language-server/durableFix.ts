import type { Diagnostic, Fix, Span } from "../program/diagnostic.ts";
import type { Fault } from "../program/evidence.ts";
import type { FixContext } from "./fixContext.ts";

/** At `durable r` itself, not at whatever declares r first. */
export function atDurable(
  { text, read }: Pick<FixContext, "text" | "read">,
  fault: Fault,
  diagnostic: Diagnostic,
): Diagnostic {
  if (fault.code !== "durable-passes" || fault.place.kind !== "relation") return diagnostic;
  const span = durableStatement(text, read.dialect, fault.place.relation);
  return span === undefined ? diagnostic : { ...diagnostic, span };
}

/** Takes the declaration away, with its line if nothing else stands there. */
export function durableFix(
  { text }: FixContext,
  fault: Fault,
  { span }: Diagnostic,
): Fix | undefined {
  if (fault.place.kind !== "relation" || !isDurable(text.slice(span.start, span.end))) {
    return undefined;
  }
  const lineStart = text.lastIndexOf("\n", span.start - 1) + 1;
  const rest = /^[ \t]*[.;]?[ \t]*/.exec(text.slice(span.end))![0].length;
  const lineEnd = /^(?:\r?\n|$)/.exec(text.slice(span.end + rest));
  const alone = lineEnd !== null && text.slice(lineStart, span.start).trim() === "";
  const taken = alone
    ? { start: lineStart, end: span.end + rest + lineEnd[0].length }
    : { start: span.start, end: span.end + rest };
  const title = `Take \`durable ${fault.place.relation}\` away`;
  return { title, edits: [{ span: taken, text: "" }] };
}

function isDurable(written: string): boolean {
  return /^(?:(?:\/\/|\/\*|#|%)\s*clew:\s*)?durable\b/.test(written);
}

/** Where the text says it: as a statement, or in a comment that other tools pass over. */
function durableStatement(
  text: string,
  dialect: FixContext["read"]["dialect"],
  relation: string,
): Span | undefined {
  const statement = `durable[ \\t]+${relation}(?![\\w'])`;
  const isPlain = dialect === "compact" || dialect === "paper";
  const found = isPlain
    ? new RegExp(`(?<![\\w'])${statement}`, "g")
    : new RegExp(`(?://|/\\*|#|%)[ \\t]*clew:[ \\t]*${statement}(?:[ \\t]*\\*/)?`, "g");
  for (const { index, 0: written } of text.matchAll(found)) {
    if (!isPlain || !isInComment(text, index)) return { start: index, end: index + written.length };
  }
  return undefined;
}

function isInComment(text: string, at: number): boolean {
  const line = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  const opened = text.lastIndexOf("/*", at);
  return /\/\/|#/.test(line) || (opened >= 0 && text.lastIndexOf("*/", at) < opened);
}
