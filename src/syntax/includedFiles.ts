import { detectDialect } from "./detectDialect.ts";
import { Includes } from "./includes.ts";
import type { IncludeOptions } from "./includes.ts";
import { includedPaths } from "./readClauses.ts";

/** Whether a text may include others at all; quickly said. */
export function includes(text: string): boolean {
  return /\binclude\s*"/.test(text) && detectDialect(text) === "molly";
}

/** The paths of all that a text includes, directly or by way of others, without reading what they say. */
export function includedFiles(text: string, options: IncludeOptions): readonly string[] {
  if (!includes(text)) return [];
  const files = new Includes(options);
  const paths: string[] = [];
  const add = (own: string, within: readonly string[]): void => {
    for (const wanted of includedPaths(own)) {
      const found = files.find(wanted, within);
      if (found.kind !== "text") continue;
      paths.push(found.path);
      add(found.text, [...within, found.path]);
    }
  };
  add(text, []);
  return paths;
}
