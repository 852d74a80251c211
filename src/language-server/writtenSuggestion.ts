import { quoted } from "../analysis/wording.ts";
import type { Diagnostic, SourceMap, Span } from "../program/diagnostic.ts";
import type { Fault } from "../program/evidence.ts";
import type { RelationName } from "../program/program.ts";
import type { FixContext } from "./fixContext.ts";

/** Whether a fault suggests a built-in that no rule of the text names: only the reader does, as for Molly's `p(x)@1`. */
export function suggestsUnwritten(
  fault: Fault,
  { read, analyzed }: Pick<FixContext, "read" | "analyzed">,
): boolean {
  const to = suggested(fault)?.to ?? "";
  const kind = analyzed.relations.get(to)?.kind;
  return (kind === "builtin" || kind === "func") && firstUse(to, read.sourceMap) === undefined;
}

/** A misspelt relation and what is meant, as they stand in the text: `lo.g`, which the program calls `lo_g`. */
export function writtenSuggestion(
  { text, read }: Pick<FixContext, "text" | "read">,
  fault: Fault,
  diagnostic: Diagnostic,
): Diagnostic {
  const names = suggested(fault);
  if (names === undefined) return diagnostic;
  const from = writtenAs(names.from, text, read.sourceMap);
  const to = writtenAs(names.to, text, read.sourceMap);
  const said = (message: string): string =>
    message.replace(quoted(names.from), quoted(from)).replace(quoted(names.to), quoted(to));
  const { message, fix } = diagnostic;
  const edits = fix?.edits.map((edit) => ({ ...edit, text: to })) ?? [];
  return {
    ...diagnostic,
    message: said(message),
    ...(fix && { fix: { title: said(fix.title), edits } }),
  };
}

function suggested({ code, replacement }: Fault): Fault["replacement"] {
  return code === "misspelt-relation" ? replacement : undefined;
}

function writtenAs(name: RelationName, text: string, map: SourceMap): string {
  const use = firstUse(name, map);
  const word = use === undefined ? name : text.slice(use.start, use.end);
  // All that an included file says stands at its `include`.
  return /^include\s*"/.test(word) ? name : word;
}

const memo = new WeakMap<SourceMap, ReadonlyMap<RelationName, Span>>();

function firstUse(relation: RelationName, map: SourceMap): Span | undefined {
  let found = memo.get(map);
  if (found === undefined) memo.set(map, (found = firstUses(map)));
  return found.get(relation);
}

function firstUses({ rules }: SourceMap): ReadonlyMap<RelationName, Span> {
  const uses = new Map<RelationName, Span>();
  for (const { names } of rules.values()) {
    for (const { kind, name, span } of names) {
      if (kind === "relation" && !uses.has(name)) uses.set(name, span);
    }
  }
  return uses;
}
