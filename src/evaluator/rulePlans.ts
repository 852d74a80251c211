import type { RelationName } from "../program/program.ts";
import type { ComponentShape, Group, ShapedRule } from "./componentShape.ts";
import { variablesOf } from "./literalOrder.ts";
import type { Column, NormalLiteral, StoredLiteral } from "./normalRules.ts";
import { negatedView, plan, type Plan, type PlannedLiteral } from "./plan.ts";
import { MID, NEW, OLD } from "./table.ts";

/** A plan and the relation whose rows drive it. */
export interface DrivenPlan {
  readonly relation: RelationName;
  readonly plan: Plan;
}

/** For one literal of a rule over held relations: what its change takes away and what it adds. */
export interface DeltaPlans {
  readonly relation: RelationName;
  readonly negated: boolean;
  readonly remove: Plan;
  readonly add: Plan;
}

/** All the ways in which one rule is evaluated. */
export interface RulePlans {
  readonly rule: ShapedRule;
  readonly kind: RuleKind;
  /** For a pulse: one for each passing literal; the one with fewest rows is run. */
  readonly afresh: readonly DrivenPlan[];
  /** For a rule over held relations (when recursive: those literals that are not of its own group). */
  readonly deltas: readonly DeltaPlans[];
  /** For a recursive rule: one for each literal of its own group; `overdelete` only over held relations. */
  readonly recursive: readonly (DrivenPlan & { readonly overdelete: Plan | undefined })[];
  /** For a recursive rule over held relations: whether a given head row has a derivation. */
  readonly rederive: Plan | undefined;
  /** For a recursive rule whose cost is recorded. */
  readonly outcome: OutcomePlans | undefined;
}

/** Whether a given head row has a derivation after the tick, and, over held relations, whether it had one before. */
export interface OutcomePlans {
  readonly after: Plan;
  readonly before: Plan | undefined;
}

/**
 * Nobody is told what cannot be computed for valuations of the tick before, whose errors would have ended the run, nor
 * where the search is for another derivation of a row: whatever holds since this tick is found from what changed.
 */
const UNTOLD = undefined;

export type RuleKind =
  /** Contributes derivations that are counted, pulses, or (recursive) rows of its group. */
  | "plain"
  /** `r@next(x̄) :- r(x̄), …`: decides which rows of its head are kept. */
  | "keep"
  /** `r@next(x̄) :- r(x̄)`. */
  | "identity";

export function rulePlans(shape: ComponentShape, rule: ShapedRule, recorded = false): RulePlans {
  const own = ownLiteral(rule);
  if (own !== undefined) return keepPlans(rule, own);
  const group = shape.groups.find((g) => g.relations.includes(rule.head));
  const inGroup = recursiveLiterals(rule, group);
  const none = {
    rule,
    kind: "plain",
    afresh: [],
    deltas: [],
    recursive: [],
    rederive: undefined,
    outcome: undefined,
  } as const;
  const outcome =
    recorded && inGroup.length > 0
      ? {
          after: rederivePlan(rule, NEW),
          before: rule.pulse ? undefined : rederivePlan(rule, OLD),
        }
      : undefined;
  const recursive = inGroup.map((literal) => ({
    relation: literal.relation,
    plan: bodyPlan(rule, literal, () => NEW, rule.stored),
    overdelete: rule.pulse ? undefined : bodyPlan(rule, literal, () => OLD, UNTOLD),
  }));
  if (rule.pulse) {
    const passes = group !== undefined && shape.passing.has(rule.head) && inGroup.length > 0;
    const afresh = passes ? [] : pulsePlans(shape, rule, inGroup);
    return { ...none, afresh, recursive, outcome };
  }
  const changing = drivers(shape, rule);
  const stored = changing.filter((l) => !inGroup.includes(l));
  if (inGroup.length > 0) {
    const deltas = stored.map((l) => ({
      relation: l.relation,
      negated: l.negated,
      remove: bodyPlan(rule, l, () => OLD, UNTOLD),
      add: bodyPlan(rule, l, () => NEW, rule.stored),
    }));
    return { ...none, deltas, recursive, rederive: rederivePlan(rule, NEW), outcome };
  }
  return { ...none, deltas: stored.map((l) => deltaPlans(rule, l, changing)) };
}

/**
 * The literals whose changes matter. Constant relations appear once, in the first tick: where a positive literal can
 * change, its valuations are found from there, and no index is kept for finding them from a constant.
 */
function drivers(shape: ComponentShape, rule: ShapedRule): readonly StoredLiteral[] {
  const stored = rule.body.filter(isStored);
  const changing = stored.filter((l) => !shape.constant.has(l.relation));
  return changing.some((l) => !l.negated) ? changing : stored;
}

function isStored(literal: NormalLiteral): literal is StoredLiteral {
  return literal.kind === "stored";
}

function recursiveLiterals(rule: ShapedRule, group: Group | undefined): readonly StoredLiteral[] {
  if (rule.timing !== "now" || group === undefined || !group.recursive) return [];
  return rule.body
    .filter(isStored)
    .filter((l) => !l.negated && group.relations.includes(l.relation));
}

function pulsePlans(
  shape: ComponentShape,
  rule: ShapedRule,
  inGroup: readonly StoredLiteral[],
): readonly DrivenPlan[] {
  return rule.body
    .filter(isStored)
    .filter((l) => !l.negated && shape.passing.has(l.relation) && !inGroup.includes(l))
    .map((l) => ({ relation: l.relation, plan: bodyPlan(rule, l, () => NEW, rule.stored) }));
}

/**
 * From before the tick to without what it deletes, then from there to after it, so that no valuation is looked at that
 * never held: earlier literals have already changed, later ones not yet.
 */
function deltaPlans(
  rule: ShapedRule,
  literal: StoredLiteral,
  changing: readonly NormalLiteral[],
): DeltaPlans {
  const at = rule.body.indexOf(literal);
  const view = (i: number, earlier: number, later: number): number =>
    changing.includes(rule.body[i]!) ? (i < at ? earlier : later) : NEW;
  return {
    relation: literal.relation,
    negated: literal.negated,
    remove: bodyPlan(rule, literal, (i) => view(i, MID, OLD), UNTOLD),
    add: bodyPlan(rule, literal, (i) => view(i, NEW, MID), rule.stored),
  };
}

function bodyPlan(
  rule: ShapedRule,
  driver: StoredLiteral,
  viewAt: (index: number) => number,
  told: ReadonlySet<string> | undefined,
): Plan {
  const literals = rule.body.flatMap((literal, i): readonly PlannedLiteral[] => {
    if (literal === driver) return [];
    const view = viewAt(i);
    const negated = literal.kind === "stored" && literal.negated;
    return [{ literal, view: negated ? negatedView(view) : view }];
  });
  const stored = storedVariables(rule);
  return plan({ driver: driver.columns, literals, ...headOf(rule), stored, told });
}

function headOf(rule: ShapedRule): Pick<Parameters<typeof plan>[0], "head" | "over"> {
  return {
    head: rule.terms.map((t) => (t.kind === "aggregate" ? undefined : t)),
    over: rule.terms.flatMap((t) => (t.kind === "aggregate" ? [t.aggregate.over] : [])),
  };
}

/** Driven by a row of the head: what has to be computed for it becomes a test. */
function rederivePlan(rule: ShapedRule, view: number): Plan {
  const tests: NormalLiteral[] = [];
  const driver = rule.terms.map((term, i): Column => {
    if (term.kind === "variable" || term.kind === "constant") return term;
    if (term.kind === "aggregate") throw new Error("A recursive rule has no aggregates.");
    tests.push({ kind: "assign", variable: `#head.${i}`, value: term });
    return { kind: "variable", name: `#head.${i}` };
  });
  const literals = [...rule.body, ...tests].map((literal) => ({ literal, view }));
  const stored = storedVariables(rule);
  return plan({ driver, literals, head: [], over: [], stored, told: UNTOLD });
}

/** The literal that makes an inductive rule one of persistence: the head itself, in distinct variables. */
function ownLiteral(rule: ShapedRule): StoredLiteral | undefined {
  if (rule.timing !== "next" || rule.pulse) return undefined;
  const names = rule.terms.map((t) => (t.kind === "variable" ? t.name : undefined));
  if (names.includes(undefined) || new Set(names).size < names.length) return undefined;
  return rule.body
    .filter(isStored)
    .find(
      (l) =>
        !l.negated &&
        l.relation === rule.head &&
        l.columns.every((c, i) => c.kind === "variable" && c.name === names[i]),
    );
}

function keepPlans(rule: ShapedRule, own: StoredLiteral): RulePlans {
  const others = rule.body.filter((l) => l !== own);
  const doubts = others.filter(isStored).map((l) => ({
    relation: l.relation,
    plan: plan({
      driver: l.columns,
      literals: [own, ...conditions(others, [l, own])].map((literal) => ({ literal, view: NEW })),
      head: own.columns.map((c) => (c.kind === "variable" ? c : undefined)),
      over: [],
      stored: storedVariables(rule),
      told: rule.stored,
    }),
  }));
  return {
    rule,
    kind: others.length === 0 ? "identity" : "keep",
    afresh: doubts,
    deltas: [],
    recursive: [],
    rederive: others.length === 0 ? undefined : bodyPlan(rule, own, () => NEW, rule.stored),
    outcome: undefined,
  };
}

/** Equalities between what these literals bind: by them the rows are found that a change may concern. */
function conditions(
  body: readonly NormalLiteral[],
  literals: readonly StoredLiteral[],
): readonly NormalLiteral[] {
  const bound = new Set(literals.flatMap((l) => variablesOf(l.columns)));
  const found: NormalLiteral[] = [];
  const waiting = body.filter(
    (l) =>
      l.kind === "assign" || l.kind === "split" || (l.kind === "compare" && l.operator === "=="),
  );
  for (let i = 0; i < waiting.length;) {
    const literal = waiting[i]!;
    if (needed(literal).every((v) => bound.has(v))) {
      for (const v of given(literal)) bound.add(v);
      found.push(...waiting.splice(i, 1));
      i = 0;
    } else i++;
  }
  return found;
}

function needed(literal: NormalLiteral): readonly string[] {
  if (literal.kind === "assign") return variablesOf([literal.value]);
  if (literal.kind === "split") return [literal.variable];
  return literal.kind === "compare" ? variablesOf([literal.left, literal.right]) : [];
}

function given(literal: NormalLiteral): readonly string[] {
  if (literal.kind === "assign") return [literal.variable];
  return literal.kind === "split" ? variablesOf(literal.items) : [];
}

/** What positive stored literals bind, also as parts of tuples. */
function storedVariables(rule: ShapedRule): ReadonlySet<string> {
  const positive = rule.body.filter(isStored).filter((l) => !l.negated);
  const stored = new Set(positive.flatMap((l) => variablesOf(l.columns)));
  for (let size = -1; size < stored.size;) {
    size = stored.size;
    for (const l of rule.body) {
      if (l.kind !== "split" || !stored.has(l.variable)) continue;
      for (const v of variablesOf(l.items)) stored.add(v);
    }
  }
  return stored;
}
