import type { Span } from "../program/diagnostic.ts";
import type { LanguageDocument } from "./languageDocument.ts";

/** What an aggregate of a head gives, by the word that every notation has for it. */
const SENTENCES: ReadonlyMap<string, string> = new Map([
  ["count", "how many different values the group has."],
  ["sum", "the sum over the rows of the group."],
  ["min", "the least value of the group."],
  ["max", "the greatest value of the group."],
  ["collect", "all values of the group, as a sorted tuple."],
  ["cert", "all values of the group, as a sorted tuple."],
  ["collect_vec", "all values of the group, as a sorted tuple."],
  ["seal", "all values of the group, which travel as one."],
  [
    "choose",
    "one of the values of the group, of the same row as every other `choose` of the head. Which one is left open; runs take the least.",
  ],
  ["index", "the number of the row, from 0. In what order is left open; runs go by their values."],
]);

/** The aggregate whose name an offset is in, as it is written, and what it gives. */
export function aggregateAt(
  { text, read }: LanguageDocument,
  offset: number,
): { readonly span: Span; readonly written: string; readonly sentence: string } | undefined {
  const from = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", offset);
  const line = text.slice(from, end < 0 ? undefined : end);
  const forms =
    read.dialect === "hydroflow"
      ? /\b([a-z_]+)\s*\((?:\s*\*\s*|[\w\s,]*)\)/g
      : /\b([a-z]+)\s*[<⟨][\w\s,'’′]+[>⟩]/g;
  for (const match of line.matchAll(forms)) {
    const name = match[1]!;
    const sentence = SENTENCES.get(name);
    const start = from + match.index;
    const span = { start, end: start + name.length };
    if (sentence !== undefined && start <= offset && offset <= span.end)
      return { span, written: match[0], sentence };
  }
  return undefined;
}
