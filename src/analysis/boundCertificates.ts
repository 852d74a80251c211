import type { RelationName, Rule } from "../program/program.ts";
import type { Value } from "../program/value.ts";
import { compareValues, valueKey } from "../program/value.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { isRelationLiteral, kindOfRelation } from "./componentRules.ts";
import { allDeclarations } from "./occurrences.ts";
import { staticRows } from "./staticRows.ts";
import type { Threshold } from "./thresholds.ts";
import { quoted } from "./wording.ts";

/** Whether a count that must be met exactly can never be passed: BOUND of rewrites.md section 1.4. */
export type BoundCertificate =
  /** What is counted is in `set`, which has no more than the number that is waited for. */
  | { readonly kind: "bounded"; readonly set: RelationName; readonly size: number }
  /** One clause that says what is missing. */
  | { readonly kind: "unbounded"; readonly because: string };

/**
 * Looks for a static set that holds everything the threshold counts, by declared foreign keys (`within r.a of s`) and by
 * rules that look it up, and compares its size with the number waited for. A count that cannot pass the number is met
 * exactly as soon as it is reached.
 */
export function boundCertificate(p: AnalyzedProgram, threshold: Threshold): BoundCertificate {
  const counted = countedVariable(threshold);
  if (counted === undefined) return unbounded("only a count of one value has a bound");
  const least = leastQuota(p, threshold);
  if (least === undefined) return unbounded(`nobody says how much ${threshold.bound} is`);
  const sets = unarySets(p).filter((set) => isWithin(p, threshold.rule, counted, set));
  if (sets.length === 0) {
    return unbounded("nothing says that what is counted belongs to a set of that size");
  }
  const sized = sets.map((set) => ({ set, size: distinctRows(p, set) }));
  const fitting = sized.find(({ size }) => size !== undefined && compareValues(size, least) <= 0);
  if (fitting?.size !== undefined) return { kind: "bounded", ...fitting, size: fitting.size };
  const [{ set, size }] = sized as [(typeof sized)[number]];
  return unbounded(
    size === undefined
      ? `nobody lists the rows of ${quoted(set)}`
      : `${quoted(set)} has ${size} rows, which is more`,
  );
}

function unbounded(because: string): BoundCertificate {
  return { kind: "unbounded", because };
}

function countedVariable({ operator, rule, position }: Threshold): string | undefined {
  const term = rule.head.terms[position];
  if (operator !== "count" || term?.kind !== "aggregate" || term.over.length !== 1)
    return undefined;
  return term.over[0];
}

/** The smallest number that the count may have to meet. */
function leastQuota(p: AnalyzedProgram, { quota, reader }: Threshold): Value | undefined {
  if (quota.kind === "constant") return quota.value;
  if (quota.kind === "column") return least(column(p, quota.of, quota.at));
  if (quota.kind !== "variable") return undefined;
  const columns = reader.body.filter(isRelationLiteral).flatMap((literal) => {
    const at = literal.terms.findIndex((t) => t.kind === "variable" && t.name === quota.name);
    if (at < 0 || literal.negated) return [];
    return kindOfRelation(p, literal.relation) === "edb.static"
      ? [column(p, literal.relation, at)]
      : [];
  });
  return least(columns.find((values) => values !== undefined));
}

function column(
  p: AnalyzedProgram,
  relation: RelationName,
  at: number,
): readonly Value[] | undefined {
  return staticRows(p, relation)?.map((row) => row[at]!);
}

function least(values: readonly Value[] | undefined): Value | undefined {
  return values?.reduce<Value | undefined>(
    (a, b) => (a === undefined || compareValues(b, a) < 0 ? b : a),
    undefined,
  );
}

/** Tables of one column that are the same everywhere. */
function unarySets(p: AnalyzedProgram): readonly RelationName[] {
  return [...p.relations.values()]
    .filter(({ kind, arity }) => kind === "edb.static" && arity === 1)
    .map(({ name }) => name);
}

function distinctRows(p: AnalyzedProgram, set: RelationName): number | undefined {
  const rows = staticRows(p, set);
  return rows && new Set(rows.map((row) => valueKey(row[0]!))).size;
}

/** Whether a rule binds the variable to members of the set only. */
function isWithin(p: AnalyzedProgram, rule: Rule, name: string, set: RelationName): boolean {
  return binds(p, rule, name, set, new Set());
}

function binds(
  p: AnalyzedProgram,
  rule: Rule,
  name: string,
  set: RelationName,
  assumed: ReadonlySet<string>,
): boolean {
  return rule.body.filter(isRelationLiteral).some(
    (literal) =>
      !literal.negated &&
      literal.terms.some((term, at) => {
        if (term.kind !== "variable" || term.name !== name) return false;
        return literal.relation === set || columnWithin(p, literal.relation, at, set, assumed);
      }),
  );
}

/**
 * Whether all values of a relation's column are in the set: declared, or so by every rule that derives it, in whatever
 * component. Assuming it of what a rule reads is induction over derivations.
 */
function columnWithin(
  p: AnalyzedProgram,
  relation: RelationName,
  at: number,
  set: RelationName,
  assumed: ReadonlySet<string>,
): boolean {
  const asked = `${relation}/${at}`;
  if (assumed.has(asked) || isDeclared(p, relation, at, set)) return true;
  const kind = kindOfRelation(p, relation);
  if (kind !== "local" && kind !== "chan") return false;
  const rules = [...p.rules.values()].map(({ rule }) => rule);
  const producers = rules.filter((rule) => rule.head.relation === relation);
  const inside = new Set([...assumed, asked]);
  return producers.every((rule) => {
    const term = rule.head.terms[at];
    if (term?.kind === "variable") return binds(p, rule, term.name, set, inside);
    if (term?.kind !== "constant") return false;
    return (staticRows(p, set) ?? []).some(([value]) => valueKey(value!) === valueKey(term.value));
  });
}

function isDeclared(
  p: AnalyzedProgram,
  relation: RelationName,
  at: number,
  set: RelationName,
): boolean {
  const attribute = p.relations.get(relation)?.attributes[at]?.name;
  return allDeclarations(p.program).some(
    (d) =>
      d.kind === "within" && d.relation === relation && d.attribute === attribute && d.of === set,
  );
}
