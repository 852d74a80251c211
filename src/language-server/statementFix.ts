import type { Diagnostic, Fix, Span } from "../program/diagnostic.ts";
import type { Fault } from "../program/evidence.ts";
import type { FixContext } from "./fixContext.ts";

/** Faults of one statement about a relation, by their codes: the word that it begins with. */
const WORDS: Readonly<Record<string, string>> = {
  "durable-passes": "durable",
  "invariant-underived": "invariant",
  "sink-underived": "sink",
};

/** At `durable r` itself, not at whatever declares r first; another name is for this statement only. */
export function atStatement(
  { text, read }: Pick<FixContext, "text" | "read">,
  { code, place, replacement }: Fault,
  diagnostic: Diagnostic,
): Diagnostic {
  const word = WORDS[code];
  if (word === undefined || place.kind !== "relation") return diagnostic;
  const { fix: _, ...bare } = diagnostic;
  const span = statementOf(text, read.dialect, `${word}[ \\t]+${place.relation}`);
  if (span === undefined) return bare;
  if (replacement === undefined) return { ...bare, span };
  const { from, to } = replacement;
  const start = text.lastIndexOf(from, span.end - from.length);
  const edits = [{ span: { start, end: start + from.length }, text: to }];
  return { ...bare, span, fix: { title: `Replace \`${from}\` with \`${to}\``, edits } };
}

/** Takes the declaration away, with its line if nothing else stands there. */
export function statementFix(
  { text }: FixContext,
  { code, place }: Fault,
  { span }: Diagnostic,
): Fix | undefined {
  const word = WORDS[code];
  const isOne = word !== undefined && beginsWith(word, text.slice(span.start, span.end));
  if (place.kind !== "relation" || !isOne) return undefined;
  const lineStart = text.lastIndexOf("\n", span.start - 1) + 1;
  const rest = /^[ \t]*[.;]?[ \t]*/.exec(text.slice(span.end))![0].length;
  const lineEnd = /^(?:\r?\n|$)/.exec(text.slice(span.end + rest));
  const alone = lineEnd !== null && text.slice(lineStart, span.start).trim() === "";
  const taken = alone
    ? { start: lineStart, end: span.end + rest + lineEnd[0].length }
    : { start: span.start, end: span.end + rest };
  const title = `Take \`${word} ${place.relation}\` away`;
  return { title, edits: [{ span: taken, text: "" }] };
}

function beginsWith(word: string, written: string): boolean {
  return new RegExp(`^(?:(?://|/\\*|#|%)\\s*clew:\\s*)?${word}\\b`).test(written);
}

/** Where the text says it: as a statement, or in a comment that other tools pass over. */
function statementOf(
  text: string,
  dialect: FixContext["read"]["dialect"],
  words: string,
): Span | undefined {
  const statement = `${words}(?![\\w'])`;
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
