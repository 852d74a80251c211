import type { TextEdit } from "vscode-languageserver-types";
import { format } from "../syntax/format.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import { rangeOf } from "./textLines.ts";

/** The text in canonical layout: one edit, no larger than what it changes; none where nothing does. */
export function formatting(document: LanguageDocument): readonly TextEdit[] {
  const { text, lines, read } = document;
  if (read.dialect !== "compact") return [];
  const formatted = format(text);
  if (formatted === text) return [];
  const shorter = Math.min(text.length, formatted.length);
  let start = 0;
  while (start < shorter && text[start] === formatted[start]) start++;
  let end = 0;
  while (end < shorter - start && text.at(-1 - end) === formatted.at(-1 - end)) end++;
  const range = rangeOf(lines, { start, end: text.length - end });
  return [{ range, newText: formatted.slice(start, formatted.length - end) }];
}
