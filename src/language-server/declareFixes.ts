import type { Diagnostic, Fix } from "../program/diagnostic.ts";
import type { RelationName } from "../program/program.ts";
import { contains } from "./textLines.ts";
import type { FixContext } from "./fixContext.ts";

/** Says where a relation comes from that nothing derives: clients, or constant facts. */
export function declareFixes(context: FixContext, diagnostic: Diagnostic): readonly Fix[] {
  const relation = relationAt(context, diagnostic);
  const info = relation === undefined ? undefined : context.analyzed.relations.get(relation);
  if (info === undefined) return [];
  const attributes = info.attributes
    .map((a) => (a.type === undefined ? a.name : `${a.name}: ${a.type}`))
    .join(", ");
  const at = declarationsStart(context);
  const declare = (role: "input" | "edb", what: string): Fix => ({
    title: `Declare \`${info.name}\` as ${what}`,
    edits: [{ span: { start: at, end: at }, text: `${role} ${info.name}(${attributes})\n` }],
  });
  return [
    declare("input", "an input from clients"),
    declare("edb", "constant, the same everywhere"),
  ];
}

function relationAt({ read }: FixContext, { rule, span }: Diagnostic): RelationName | undefined {
  const names = read.sourceMap.rules.get(rule ?? "")?.names ?? [];
  return names.find((n) => n.kind === "relation" && contains(span, n.span))?.name;
}

/** Before the first block, rule or declaration, after the comments that open the text. */
function declarationsStart({ text, read }: FixContext): number {
  const { rules, components, declarations } = read.sourceMap;
  const starts = [
    ...[...rules.values()].map((r) => r.rule.start),
    ...[...components.values()].map((c) => c.block.start),
    ...[...declarations.values()].map((d) => d.start),
  ];
  const first = starts.length === 0 ? text.length : Math.min(...starts);
  return text.lastIndexOf("\n", first - 1) + 1;
}
