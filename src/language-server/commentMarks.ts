import type { Dialect } from "../syntax/dialect.ts";

/** What begins a comment to the end of its line. */
export const COMMENT_MARKS: Readonly<Record<Dialect, string>> = {
  compact: "//",
  paper: "//",
  hydroflow: "#",
  molly: "//",
  prototype: "%",
};
