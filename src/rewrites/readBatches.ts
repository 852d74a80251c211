import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { ComponentName, Declaration, RelationName } from "../program/program.ts";
import type { BatchRules } from "./batches.ts";
import type { Draft, DraftRule } from "./draft.ts";
import { changed, declare, mapComponent } from "./draft.ts";
import { reads } from "./terms.ts";

/**
 * Lets a component read what its batches bring: in bodies, and in heads of rules that derive the same relation there, so
 * that a rule which keeps it keeps what is read (H-13). What the component sends under that name it sends as before.
 */
export function readBatches(
  p: AnalyzedProgram,
  draft: Draft,
  component: ComponentName,
  made: BatchRules,
): Draft {
  const reading = mapComponent(draft, component, (c) => ({
    ...c,
    rules: [...c.rules.map((rule) => renamed(rule, made.readAs)), ...made.receiver],
  }));
  return [...made.readAs].reduce((d, [from, to]) => copyDependencies(p, d, from, to), reading);
}

function renamed(rule: DraftRule, readAs: ReadonlyMap<RelationName, RelationName>): DraftRule {
  const derived = rule.head.timing.kind === "async" ? undefined : readAs.get(rule.head.relation);
  const read = [...readAs.keys()].filter((relation) => reads(rule, relation));
  if (derived === undefined && read.length === 0) return rule;
  const head = derived === undefined ? rule.head : { ...rule.head, relation: derived };
  const body = rule.body.map((l) =>
    l.kind === "relation" ? { ...l, relation: readAs.get(l.relation) ?? l.relation } : l,
  );
  const named = read.length > 0 ? read : [rule.head.relation];
  return changed(
    rule,
    { head, body },
    `${named.join(" and ")} ${named.length > 1 ? "come" : "comes"} in batches.`,
  );
}

/** What is declared of a relation's values is true of what a batch brings of it. */
function copyDependencies(p: AnalyzedProgram, draft: Draft, from: RelationName, to: RelationName) {
  const declared = [draft, ...draft.components].flatMap((scope) => scope.declarations);
  const copies = declared.flatMap((d): readonly Declaration[] =>
    (d.kind === "dependency" || d.kind === "within") && d.relation === from
      ? [{ ...d, relation: to }]
      : [],
  );
  if (copies.length === 0) return draft;
  const { attributes } = p.relations.get(from)!;
  const named = attributes.map(({ name }) => ({ name }));
  const own: Declaration = { kind: "relation", role: "local", relation: to, attributes: named };
  return [own, ...copies].reduce(declare, draft);
}
