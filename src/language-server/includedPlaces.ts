import type { Fix } from "../program/diagnostic.ts";
import type { Dialect } from "../syntax/dialect.ts";

/** All that an included file says stands at its `include`, which an edit meant for that file would overwrite. */
export function overwritesInclude(fix: Fix, text: string, dialect: Dialect): boolean {
  return (
    dialect === "molly" &&
    fix.edits.some(({ span }) => /^include\s*"/.test(text.slice(span.start, span.end)))
  );
}
