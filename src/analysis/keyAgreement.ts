import type { Place } from "../program/evidence.ts";
import type { HeadTerm, RelationName, Rule } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { idbLiterals } from "./componentRules.ts";
import { termEquality } from "./termEquality.ts";
import { hasAggregate } from "../program/variables.ts";

/** For each partitioned relation, the attribute indices of its key, in the order in which keys are compared. */
export type KeyAssignment = Readonly<Record<RelationName, readonly number[]>>;

/** A literal or head of a rule, with the terms that the key assignment picks. */
export interface Keyed {
  readonly relation: RelationName;
  readonly place: Place;
  readonly negated: boolean;
  readonly terms: readonly HeadTerm[];
  readonly key: readonly HeadTerm[];
}

/** How one rule fails P1, P2 or P3 of rewrites.md section 4. */
export type Disagreement =
  | { readonly code: "keys-differ"; readonly one: Keyed; readonly other: Keyed }
  | { readonly code: "head-key"; readonly one: Keyed; readonly other: Keyed }
  | { readonly code: "absent-wildcard"; readonly one: Keyed }
  /** Facts of one group of the aggregate have different keys. */
  | { readonly code: "group-split"; readonly one: Keyed; readonly head: Place }
  | { readonly code: "no-key"; readonly relation: RelationName; readonly place: Place };

/** P1, P2 and P3 for one rule; `keys` must name every IDB relation of it that is to agree. */
export function keyDisagreements(
  p: AnalyzedProgram,
  rule: Rule,
  keys: KeyAssignment,
): readonly Disagreement[] {
  const unkeyed: Disagreement[] = [];
  const body = idbLiterals(p, rule).flatMap(({ literal, index }): readonly Keyed[] => {
    const place: Place = { kind: "literal", rule: rule.id, index };
    const { relation, negated, terms } = literal;
    const key = pick(terms, keys[relation]);
    if (key !== undefined) return [{ relation, place, negated, terms, key }];
    unkeyed.push({ code: "no-key", relation, place });
    return [];
  });
  const head = keyedHead(rule, keys);
  if (head === undefined) {
    const place: Place = { kind: "head", rule: rule.id };
    unkeyed.push({ code: "no-key", relation: rule.head.relation, place });
  }
  const absences = body
    .filter((one) => one.negated && one.key.some((term) => term.kind === "wildcard"))
    .map((one): Disagreement => ({ code: "absent-wildcard", one }));
  const clear = body.filter((one) => !absences.some((a) => "one" in a && a.one === one));
  const groups = hasAggregate(rule) ? splitGroups(rule, clear, head ?? "none") : [];
  return [
    ...unkeyed,
    ...absences,
    ...groups,
    ...differences(rule, clear, groups.length > 0 ? "none" : (head ?? "none")),
  ];
}

/** The head counts when its facts stay in the node; "none" for messages, undefined when it should have a key. */
function keyedHead(rule: Rule, keys: KeyAssignment): Keyed | "none" | undefined {
  if (rule.head.timing.kind === "async") return "none";
  const { relation, terms } = rule.head;
  const key = pick(terms, keys[relation]);
  const place: Place = { kind: "head", rule: rule.id };
  return key && { relation, place, negated: false, terms, key };
}

function pick<T>(
  terms: readonly T[],
  key: readonly number[] | undefined,
): readonly T[] | undefined {
  if (key === undefined || key.some((i) => i >= terms.length)) return undefined;
  return key.map((i) => terms[i]!);
}

/** P3: every key term of the body is among the group-by terms, and the head's key holds no aggregate. */
function splitGroups(rule: Rule, body: readonly Keyed[], head: Keyed | "none"): Disagreement[] {
  const equal = termEquality(rule);
  const place: Place = { kind: "head", rule: rule.id };
  const groupBy = rule.head.terms.filter((term) => term.kind !== "aggregate");
  const isSplit = (one: Keyed): boolean =>
    one.key.some((term) => !groupBy.some((group) => equal(term, group)));
  const split = body
    .filter(isSplit)
    .map((one): Disagreement => ({ code: "group-split", one, head: place }));
  if (split.length > 0 || head === "none") return split;
  return head.key.some((term) => term.kind === "aggregate")
    ? [{ code: "group-split", one: head, head: place }]
    : [];
}

/** P1: each literal against the first one, and the head against all of them. */
function differences(rule: Rule, body: readonly Keyed[], head: Keyed | "none"): Disagreement[] {
  const equal = termEquality(rule);
  const agree = (a: Keyed, b: Keyed): boolean =>
    a.key.length === b.key.length && a.key.every((term, i) => equal(term, b.key[i]!));
  const first = body.find((one) => !one.negated) ?? body[0];
  if (first === undefined) return [];
  const found = body
    .filter((other) => other !== first && !agree(first, other))
    .map((other): Disagreement => ({ code: "keys-differ", one: first, other }));
  if (head === "none") return found;
  return agree(first, head) ? found : [...found, { code: "head-key", one: first, other: head }];
}
