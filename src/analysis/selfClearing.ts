import type { ComponentName, RelationName, Rule } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import {
  hasPositive,
  headRules,
  idbLiterals,
  isTimeless,
  kindOfRelation,
} from "./componentRules.ts";
import { keyDisagreements, type KeyAssignment } from "./keyAgreement.ts";
import { gcPersisted, type GcPersistence } from "./persistence.ts";
import { termEquality } from "./termEquality.ts";

/** A relation that, when it holds for a group, deletes all that it was derived from (rewrites.md section 1.5). */
export interface SelfClearingTrigger {
  readonly relation: RelationName;
  /** The kept relations that it is derived from and that it clears. */
  readonly clears: readonly RelationName[];
  /** Its own columns that identify the group. */
  readonly columns: readonly number[];
}

/** The now-rules by which a relation is derived from kept relations, through relations of the same tick. */
interface Cone {
  readonly rules: readonly Rule[];
  readonly leaves: ReadonlyMap<RelationName, GcPersistence>;
}

/**
 * Whether g is a self-clearing trigger: derived by now-rules only from relations that g alone deletes and only input
 * fills, group by group. Then after any tick no group that enables g survives, so g is empty on ticks without input.
 */
export function selfClearingTrigger(
  p: AnalyzedProgram,
  component: ComponentName,
  relation: RelationName,
  inputDerived: ReadonlySet<RelationName>,
): SelfClearingTrigger | undefined {
  const cone = coneOf(p, component, relation);
  if (cone === undefined) return undefined;
  const keys: Record<RelationName, readonly number[]> = {};
  let columns: readonly number[] | undefined;
  for (const [leaf, gc] of cone.leaves) {
    const { now } = headRules(p, component, leaf);
    if (!now.every((rule) => hasPositive(p, rule, inputDerived))) return undefined;
    const bound = gc.columns.toSorted((a, b) => a - b);
    if (columns !== undefined && columns.join() !== bound.join()) return undefined;
    columns = bound;
    keys[leaf] = bound.map((column) => gc.key[gc.columns.indexOf(column)]!);
  }
  if (columns === undefined) return undefined;
  keys[relation] = columns;
  if (!needsLeaves(p, relation, cone) || !areGroupLocal(p, cone, keys)) return undefined;
  return { relation, clears: [...cone.leaves.keys()], columns };
}

function coneOf(
  p: AnalyzedProgram,
  component: ComponentName,
  trigger: RelationName,
): Cone | undefined {
  const leaves = new Map<RelationName, GcPersistence>();
  const rules: Rule[] = [];
  const waiting = [trigger];
  const seen = new Set(waiting);
  for (let relation = waiting.pop(); relation !== undefined; relation = waiting.pop()) {
    const { all, now } = headRules(p, component, relation);
    if (all.length === 0 || now.length !== all.length) return undefined;
    for (const rule of now) {
      if (!isTimeless(rule)) return undefined;
      rules.push(rule);
      for (const { literal } of idbLiterals(p, rule)) {
        if (seen.has(literal.relation)) continue;
        seen.add(literal.relation);
        if (kindOfRelation(p, literal.relation) !== "local") return undefined;
        const gc = gcPersisted(p, component, literal.relation);
        if (gc?.by === trigger) leaves.set(literal.relation, gc);
        else waiting.push(literal.relation);
      }
    }
  }
  return { rules, leaves };
}

/** From an empty group nothing follows: every rule needs, through positive literals, a fact of a kept relation. */
function needsLeaves(p: AnalyzedProgram, trigger: RelationName, cone: Cone): boolean {
  const needing = new Set([...cone.leaves.keys(), ...cone.rules.map((rule) => rule.head.relation)]);
  for (let shrunk = true; shrunk;) {
    shrunk = false;
    for (const rule of cone.rules) {
      if (!needing.has(rule.head.relation) || hasPositive(p, rule, needing)) continue;
      needing.delete(rule.head.relation);
      shrunk = true;
    }
  }
  return needing.has(trigger);
}

/** Whether the relations in between can be given keys under which all rules agree (P1 to P3 of section 4). */
function areGroupLocal(p: AnalyzedProgram, cone: Cone, keys: KeyAssignment): boolean {
  for (const rule of cone.rules) {
    const uses = [
      { relation: rule.head.relation, terms: rule.head.terms },
      ...idbLiterals(p, rule).map(({ literal }) => literal),
    ];
    const known = uses.find((use) => keys[use.relation] !== undefined);
    const open = uses.find((use) => keys[use.relation] === undefined);
    if (known === undefined || open === undefined) continue;
    const equal = termEquality(rule);
    const positions = keys[known.relation]!.map((k) =>
      open.terms.flatMap((term, i) => (equal(known.terms[k]!, term) ? [i] : [])),
    );
    return combinations(positions).some((key) =>
      areGroupLocal(p, cone, { ...keys, [open.relation]: key }),
    );
  }
  return cone.rules.every((rule) => keyDisagreements(p, rule, keys).length === 0);
}

/** One of each, in all ways; a handful at most, because positions share a term only when a variable repeats. */
function combinations(choices: readonly (readonly number[])[]): readonly (readonly number[])[] {
  return choices.reduce<readonly (readonly number[])[]>(
    (all, options) => all.flatMap((chosen) => options.map((option) => [...chosen, option])),
    [[]],
  );
}
