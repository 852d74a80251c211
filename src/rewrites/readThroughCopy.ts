import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { ComponentName, RelationName, RuleId } from "../program/program.ts";
import { added, changed, draftOf, finish, formerId, mapComponent } from "./draft.ts";
import { freshRelation } from "./freshNames.ts";
import type { Rewritten } from "./rewrite.ts";
import { distinctVariables, headOf, literal, reads } from "./terms.ts";

/** Some rules of a component that are to read a relation through a copy of it. */
export interface CopyTarget {
  readonly component: ComponentName;
  readonly relation: RelationName;
  readonly rules: readonly RuleId[];
}

/**
 * Adds `copy(x̄) :- r(x̄)` and lets the given rules read `copy` for r. The copy holds at every tick just what r holds, so
 * nothing changes on the node; it gives a split a relation that only one half reads (rewrites.md section 1.2).
 */
export function readThroughCopy(
  p: AnalyzedProgram,
  target: CopyTarget,
  suffix: "copy" | "relay",
  because: string,
): Rewritten {
  const draft = draftOf(p);
  const copy = copyName(p, target, suffix);
  const readers = new Set(target.rules);
  const attributes = p.relations.get(target.relation)!.attributes.map((a) => a.name);
  const x = distinctVariables(attributes);
  const copying = added(headOf(copy, x), [literal(target.relation, x)], because);
  const redirected = mapComponent(draft, target.component, (c) => {
    const rules = c.rules.map((rule) => {
      if (!readers.has(formerId(rule) ?? "") || !reads(rule, target.relation)) return rule;
      const body = rule.body.map((l) =>
        l.kind === "relation" && l.relation === target.relation ? { ...l, relation: copy } : l,
      );
      return changed(rule, { body }, because);
    });
    const first = rules.findIndex((rule) => readers.has(formerId(rule) ?? ""));
    return { ...c, rules: [...rules.slice(0, first), copying, ...rules.slice(first)] };
  });
  return finish(redirected);
}

export function copyName(
  p: AnalyzedProgram,
  target: CopyTarget,
  suffix: "copy" | "relay",
): RelationName {
  return freshRelation(draftOf(p), `${target.relation}_${suffix}`);
}
