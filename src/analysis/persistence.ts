import type { Evidence } from "../program/evidence.ts";
import type { ComponentName, RelationLiteral, RelationName, Rule } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import {
  componentRules,
  headRules,
  idbLiterals,
  isEdbKind,
  isInputKind,
  isTimeless,
  kindOfRelation,
  memoised,
} from "./componentRules.ts";
import { greatestSet } from "./greatestSet.ts";
import { distinctVariables, hasAggregate } from "../program/variables.ts";
import { boundCertificate } from "./boundCertificates.ts";
import { thresholds, waitsFor } from "./thresholds.ts";
import { quoted } from "./wording.ts";

/** gcpersisted(r,g,K) of rewrites.md section 1.3: kept until `by` holds for the key. */
export interface GcPersistence {
  readonly rule: Rule;
  readonly by: RelationName;
  /** Body index of the negated literal over `by`. */
  readonly index: number;
  /** Positions of the kept relation that form the key, K. */
  readonly key: readonly number[];
  /** For each of them, the position of `by` that it is compared with. */
  readonly columns: readonly number[];
}

/** The rule r@next(x̄) <- r(x̄) with distinct variables and nothing else, if the component has it. */
export function persistenceRule(
  p: AnalyzedProgram,
  component: ComponentName,
  relation: RelationName,
): Rule | undefined {
  return headRules(p, component, relation).next.find(
    (rule) => rule.body.length === 1 && carriesOver(rule) !== undefined,
  );
}

/** Evidence that a relation is persisted by an exact identity rule, or undefined when it is not. */
export function isPersisted(
  p: AnalyzedProgram,
  component: ComponentName,
  relation: RelationName,
): Evidence | undefined {
  const rule = persistenceRule(p, component, relation);
  return rule && { kind: "rule", rule: rule.id, because: `keeps ${quoted(relation)} for good` };
}

/**
 * The index of the literal by which a next rule carries its own head relation over unchanged, whatever its other
 * literals are: r@next(x̄) <- r(x̄), …
 */
export function carriesOver(rule: Rule): number | undefined {
  const names = distinctVariables(rule.head.terms);
  if (names === undefined || rule.head.timing.kind !== "next") return undefined;
  const index = rule.body.findIndex(
    (literal) =>
      literal.kind === "relation" &&
      !literal.negated &&
      literal.relation === rule.head.relation &&
      literal.terms.length === names.length &&
      literal.terms.every((term, i) => term.kind === "variable" && term.name === names[i]),
  );
  return index < 0 ? undefined : index;
}

/** Section 1.3: r's only next rule is r@next(x̄) <- r(x̄), !g(k̄,_) with k̄ ⊆ x̄ (S-02). */
export function gcPersisted(
  p: AnalyzedProgram,
  component: ComponentName,
  relation: RelationName,
): GcPersistence | undefined {
  const { next } = headRules(p, component, relation);
  const rule = next[0];
  if (rule === undefined || next.length !== 1 || rule.body.length !== 2) return undefined;
  const own = carriesOver(rule);
  if (own === undefined) return undefined;
  const index = 1 - own;
  const guard = rule.body[index]!;
  if (guard.kind !== "relation" || !guard.negated) return undefined;
  return keyed(rule, guard, index);
}

function keyed(rule: Rule, guard: RelationLiteral, index: number): GcPersistence | undefined {
  const names = distinctVariables(rule.head.terms)!;
  const key: number[] = [];
  const columns: number[] = [];
  for (const [column, term] of guard.terms.entries()) {
    if (term.kind === "wildcard") continue;
    const position = term.kind === "variable" ? names.indexOf(term.name) : -1;
    if (position < 0) return undefined;
    key.push(position);
    columns.push(column);
  }
  return { rule, by: guard.relation, index, key, columns };
}

/**
 * LP of section 1.3: the greatest set of relations whose facts, once true at this component, are true at every later
 * tick. Negation and aggregation over EDB and functions alone cannot change and are let through; so are thresholds over
 * what is kept (section 1.4).
 */
export const logicallyPersisted = memoised(
  (p: AnalyzedProgram, component: ComponentName): ReadonlySet<RelationName> =>
    persistedGiven(p, component, { kept: new Set(), exact: false }),
);

/**
 * The part of LP that a node has again when it starts after a crash: what is durable and kept, and what follows from that.
 * What is durable and not kept is gone (docs/soundness.md).
 */
export const keptOverCrashes = memoised(
  (p: AnalyzedProgram, component: ComponentName): ReadonlySet<RelationName> =>
    persistedGiven(p, component, { kept: new Set(), exact: false, overCrashes: true }),
);

/** What is taken for granted when asking what is kept. */
export interface Granted {
  /** Relations that are as good as kept. */
  readonly kept: ReadonlySet<RelationName>;
  /** Whether counts that must be met exactly are met for good, without a certificate. */
  readonly exact: boolean;
  /** That nodes crash and start again: then what is kept has to be durable, too. */
  readonly overCrashes?: true;
}

/** LP when more than its rules say is granted. */
export function persistedGiven(
  p: AnalyzedProgram,
  component: ComponentName,
  granted: Granted,
): ReadonlySet<RelationName> {
  const { relations } = componentRules(p, component);
  const candidates = relations.filter((r) => granted.kept.has(r) || mayPersist(p, component, r));
  // A threshold leans on what is counted, which the rule that waits for it does not read.
  const waiting = [...thresholds(p, component).values()].map(({ reader }) => reader.head.relation);
  const isKept = (relation: RelationName): boolean =>
    isPersisted(p, component, relation) !== undefined &&
    (granted.overCrashes === undefined || p.relations.get(relation)?.durable === true);
  return greatestSet(
    p,
    component,
    candidates,
    (relation, lp) =>
      granted.kept.has(relation) ||
      isConstant(p, relation) ||
      isKept(relation) ||
      headRules(p, component, relation).all.every(
        (rule) => rederives(p, rule, lp) || staysReached(p, component, rule, lp, granted.exact),
      ),
    () => waiting,
  );
}

/** Whether a rule waits for a threshold over what is kept: once reached, it is reached at every later tick. */
function staysReached(
  p: AnalyzedProgram,
  component: ComponentName,
  rule: Rule,
  lp: ReadonlySet<RelationName>,
  exact: boolean,
): boolean {
  const threshold = waitsFor(p, component, rule);
  if (threshold === undefined) return false;
  if (!idbLiterals(p, threshold.rule).every(({ literal }) => lp.has(literal.relation)))
    return false;
  return (
    threshold.kind === "monotone" || exact || boundCertificate(p, threshold).kind === "bounded"
  );
}

/** EDB or function: the same at every tick. */
export function isConstant(p: AnalyzedProgram, relation: RelationName): boolean {
  const kind = kindOfRelation(p, relation);
  return isEdbKind(kind) || kind === "func";
}

function mayPersist(p: AnalyzedProgram, component: ComponentName, relation: RelationName): boolean {
  if (isConstant(p, relation)) return true;
  if (kindOfRelation(p, relation) === "builtin") return false;
  if (isPersisted(p, component, relation) !== undefined) return true;
  const { all, async } = headRules(p, component, relation);
  return all.length > 0 && async.length === 0 && !isInputKind(kindOfRelation(p, relation));
}

/**
 * Whether what a rule derives at one tick it derives at the next one too, given that the relations of `lp` keep
 * their facts: only positive IDB literals, all in `lp`, no aggregate, no clock.
 */
export function rederives(p: AnalyzedProgram, rule: Rule, lp: ReadonlySet<RelationName>): boolean {
  const literals = idbLiterals(p, rule);
  if (!isTimeless(rule) || (hasAggregate(rule) && literals.length > 0)) return false;
  return literals.every(({ literal }) => !literal.negated && lp.has(literal.relation));
}
