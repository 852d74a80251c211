import type { Diagnostic, Fix } from "../program/diagnostic.ts";
import type { Declaration, RelationName } from "../program/program.ts";
import { printDeclaration } from "../program/printDeclaration.ts";
import { printDeclarationAnnotation } from "../syntax/annotations.ts";
import { hydroflowStrings } from "../syntax/hydroflowText.ts";
import { COMMENT_MARKS } from "./commentMarks.ts";
import { contains } from "./textLines.ts";
import type { FixContext } from "./fixContext.ts";

/** Says where a relation comes from that nothing derives: clients, or constant facts. */
export function declareFixes(context: FixContext, diagnostic: Diagnostic): readonly Fix[] {
  const relation = relationAt(context, diagnostic);
  const info = relation === undefined ? undefined : context.analyzed.relations.get(relation);
  if (info === undefined) return [];
  const { dialect } = context.read;
  const { at, before } = declarationsStart(context);
  const declare = (role: "input" | "edb", what: string): Fix => {
    const { name, attributes } = info;
    const declaration: Declaration = { kind: "relation", role, relation: name, attributes };
    const text =
      dialect === "compact" || dialect === "paper"
        ? printDeclaration(declaration)
        : printDeclarationAnnotation(COMMENT_MARKS[dialect], declaration);
    return {
      title: `Declare \`${name}\` as ${what}`,
      edits: [{ span: { start: at, end: at }, text: `${before}${text}\n` }],
    };
  };
  return [
    declare("input", "an input from clients"),
    declare("edb", "constant, the same everywhere"),
  ];
}

function relationAt({ read }: FixContext, { rule, span }: Diagnostic): RelationName | undefined {
  const names = read.sourceMap.rules.get(rule ?? "")?.names ?? [];
  return names.find((n) => n.kind === "relation" && contains(span, n.span))?.name;
}

/** Before the first block, rule or declaration of the program's own file, after the comments that open it. */
function declarationsStart({ text, read }: FixContext): {
  readonly at: number;
  /** What parts it from what stands before it. */
  readonly before: string;
} {
  const { rules, components, declarations } = read.sourceMap;
  const hasBlocks = read.dialect === "compact" || read.dialect === "paper";
  const end = read.included?.[0]?.start ?? text.length;
  const starts = [
    ...[...rules.values()].map((r) => r.rule.start),
    ...(hasBlocks ? [...components.values()].map((c) => c.block.start) : []),
    // What is implied stands nowhere.
    ...[...declarations.values()].filter((d) => d.end > 0).map((d) => d.start),
  ].filter((start) => start < end);
  const first = starts.length === 0 ? (hasBlocks ? end : 0) : Math.min(...starts);
  const at = text.lastIndexOf("\n", first - 1) + 1;
  if (read.dialect !== "hydroflow") return { at, before: "" };
  // In Rust a line may begin before its string does.
  const string = hydroflowStrings(text).find((s) => s.start <= first && first <= s.end);
  return string !== undefined && string.start > at
    ? { at: string.start, before: "\n" }
    : { at, before: "" };
}
