import type { ComponentName, Declaration } from "../program/program.ts";
import type { Annotation } from "./annotations.ts";
import { lowerMolly } from "./lowerMolly.ts";
import { MollyAddresses } from "./mollyAddresses.ts";
import { ProgramBuilder } from "./programBuilder.ts";
import type { IncludeOptions } from "./includes.ts";
import type { ClauseItem } from "./readClauses.ts";
import { readClauses } from "./readClauses.ts";
import type { ReadResult } from "./readResult.ts";

/** Reads a program of the lineage-driven fault injection work (language.md section 2, Molly): one component. */
export function readMolly(
  text: string,
  fileName: ComponentName,
  options: IncludeOptions,
): Omit<ReadResult, "dialect"> {
  const { items, included } = readClauses(text, "molly", options);
  const lowered = lowerMolly(items.filter((i) => i.kind === "clause"));
  const globals = new Set(
    lowered.declarations.flatMap((d) => (d.kind === "global" ? [d.relation] : [])),
  );
  const addresses = new MollyAddresses(
    lowered.rules.map(({ head, body }) => ({ head, body })),
    { globals, declarations: annotated(items), crashes: true },
  );
  const builder = new ProgramBuilder(fileName);
  addItems(builder, items, text, fileName, lowered.declarations);
  lowered.rules.forEach((rule, i) => {
    const { head, body } = addresses.rule({ head: rule.head, body: rule.body }, i);
    builder.addRule({ ...rule, head, body });
  });
  return { ...builder.finish(), ...(options.joined === true && { included }) };
}

/** What comments declare. */
export function annotated(items: readonly ClauseItem[]): readonly Declaration[] {
  return items.flatMap((item) =>
    item.kind === "annotation" && item.annotation.kind === "declaration"
      ? [item.annotation.declaration]
      : [],
  );
}

/** Everything but the rules: the component's name, declarations, and what cannot be read. */
export function addItems(
  builder: ProgramBuilder,
  items: readonly ClauseItem[],
  text: string,
  fileName: ComponentName,
  implied: readonly Declaration[],
): void {
  const block = { start: 0, end: text.length };
  const named = items.find((i) => i.kind === "annotation" && i.annotation.kind === "component");
  const hasRules = items.some((i) => i.kind === "clause" || i.kind === "broken");
  if (named === undefined && hasRules) builder.open(fileName, [], block, { start: 0, end: 0 });
  for (const item of items) {
    if (item.kind === "annotation") annotate(builder, item.annotation, block, item === named);
    if (item.kind === "broken") builder.addBroken(item.span, item.head, item.problem);
    if (item.kind === "problem") builder.report(item.problem);
  }
  for (const declaration of implied) builder.addDeclaration(declaration, { start: 0, end: 0 });
}

function annotate(
  builder: ProgramBuilder,
  annotation: Annotation,
  block: { readonly start: number; readonly end: number },
  isName: boolean,
): void {
  switch (annotation.kind) {
    case "component": {
      const { name, by } = annotation.header;
      if (isName) builder.open(name.value, by, block, name.span);
      return;
    }
    case "declaration":
      return builder.addDeclaration(annotation.declaration, annotation.span);
    case "broken":
      return builder.report(annotation.problem);
  }
}
