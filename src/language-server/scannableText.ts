import type { Dialect } from "../syntax/dialect.ts";
import { hydroflowStrings } from "../syntax/hydroflowText.ts";

/**
 * A text in the words of compact notation, each at its own place and as long as it was: the comments, strings and arrows of
 * the other notations look like those that the lexer knows.
 */
export function scannableText(text: string, dialect: Dialect): string {
  switch (dialect) {
    case "compact":
    case "paper":
    case "molly":
      return text;
    case "hydroflow":
      return withoutRust(text).replace(/(?:#|\/\/)[^\n\r]*|`[^`]*`|:[~+]/g, (found) =>
        found.startsWith("`") ? blank(found) : found.startsWith(":") ? ":-" : found,
      );
    case "prototype":
      return text.replace(
        /\/\/[^\n\r]*|\/\*[^]*?\*\/|"(?:\\.|[^"\\\n\r])*"|'[^'\n\r]*'|%[^\n\r]*|#/g,
        (found) => {
          if (found.startsWith("%")) return `#${found.slice(1)}`;
          if (found.startsWith("'")) return `"${found.slice(1, -1).replace(/["\\]/g, " ")}"`;
          return found === "#" ? " " : found;
        },
      );
  }
}

/** Whether the datalog stands in a program of another language. */
export function isRustFile(text: string): boolean {
  const strings = hydroflowStrings(text);
  return strings.length !== 1 || strings[0]!.start > 0 || strings[0]!.end < text.length;
}

function withoutRust(text: string): string {
  let result = "";
  for (const { start, end, text: source } of hydroflowStrings(text)) {
    result += blank(text.slice(result.length, start)) + source.slice(start, end);
  }
  return result + blank(text.slice(result.length));
}

function blank(text: string): string {
  return text.replace(/[^\n\r]/g, " ");
}
