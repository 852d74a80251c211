import type { TextEdit } from "vscode-languageserver-types";
import { format } from "../syntax/format.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import type { TextFile } from "./textFiles.ts";
import { rangeOf, textLines } from "./textLines.ts";

export type Formatting =
  | { readonly kind: "edits"; readonly edits: readonly TextEdit[] }
  /** Why the text stays as it is: one sentence. */
  | { readonly kind: "refused"; readonly message: string };

/** A file in canonical layout: one edit, no larger than what it changes; none where nothing does. */
export function formatting({ text: all, read }: LanguageDocument, { span }: TextFile): Formatting {
  const text = all.slice(span.start, span.end);
  const result = format(text, read.dialect);
  if (result.kind === "refused") return result;
  const formatted = result.text;
  if (formatted === text) return { kind: "edits", edits: [] };
  const shorter = Math.min(text.length, formatted.length);
  let start = 0;
  while (start < shorter && text[start] === formatted[start]) start++;
  let end = 0;
  while (end < shorter - start && text.at(-1 - end) === formatted.at(-1 - end)) end++;
  const range = rangeOf(textLines(text), { start, end: text.length - end });
  const newText = formatted.slice(start, formatted.length - end);
  return { kind: "edits", edits: [{ range, newText }] };
}
