import type { RelationName, Term } from "../program/program.ts";
import type { ComponentShape, Group, ShapedRule } from "./componentShape.ts";
import type { Column, NormalLiteral, StoredLiteral } from "./normalRules.ts";
import { negatedView, plan, type Plan, type PlannedLiteral } from "./plan.ts";
import { doubtPlan, isStored, ownLiteral, storedVariables } from "./ruleBody.ts";
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

function toldOf({ stored, untold }: ShapedRule): ReadonlySet<string> | undefined {
  return untold === true ? UNTOLD : stored;
}

export type RuleKind =
  /** Contributes derivations that are counted, pulses, or (recursive) rows of its group. */
  | "plain"
  /** `r@next(x̄) :- r(x̄), …`: decides which rows of its head are kept. */
  | "keep"
  /** `r@next(x̄) :- r(x̄)`. */
  | "identity";

export function rulePlans(shape: ComponentShape, rule: ShapedRule, recorded = false): RulePlans {
  const own = rule.pulse ? undefined : ownLiteral(rule);
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
    plan: bodyPlan(rule, literal, () => NEW, toldOf(rule)),
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
      add: bodyPlan(rule, l, () => NEW, toldOf(rule)),
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
    .map((l) => ({ relation: l.relation, plan: bodyPlan(rule, l, () => NEW, toldOf(rule)) }));
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
    add: bodyPlan(rule, literal, (i) => view(i, NEW, MID), toldOf(rule)),
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
  const once = rule.pulse || ownLiteral(rule) === driver;
  return plan({ driver: driver.columns, literals, ...headOf(rule), stored, told, once });
}

function headOf(rule: ShapedRule): Pick<Parameters<typeof plan>[0], "head" | "over"> {
  return {
    head: rule.terms.map((t) => (t.kind === "aggregate" ? undefined : t)),
    over: rule.terms.flatMap((t) => (t.kind === "aggregate" ? [t.aggregate.over] : [])),
  };
}

/** Driven by a row of the head: its tuples are taken apart, and what has to be computed for it becomes a test. */
function rederivePlan(rule: ShapedRule, view: number): Plan {
  const tests: NormalLiteral[] = [];
  const column = (term: Term): Column => {
    if (term.kind === "variable" || term.kind === "constant") return term;
    const variable = `#head.${tests.length}`;
    // Its place is taken before those of its parts.
    const at = tests.push({ kind: "assign", variable, value: term }) - 1;
    if (term.kind === "tuple")
      tests[at] = { kind: "split", variable, items: term.terms.map(column) };
    return { kind: "variable", name: variable };
  };
  const driver = rule.terms.map((term): Column => {
    if (term.kind === "aggregate") throw new Error("A recursive rule has no aggregates.");
    return column(term);
  });
  const literals = [...rule.body, ...tests].map((literal) => ({ literal, view }));
  const stored = storedVariables(rule);
  return plan({ driver, literals, head: [], over: [], stored, told: UNTOLD, once: true });
}

function keepPlans(rule: ShapedRule, own: StoredLiteral): RulePlans {
  const others = rule.body.filter((l) => l !== own);
  const doubts = others.filter(isStored).map((l) => ({
    relation: l.relation,
    plan: doubtPlan(rule, own, l),
  }));
  return {
    rule,
    kind: others.length === 0 ? "identity" : "keep",
    afresh: doubts,
    deltas: [],
    recursive: [],
    rederive: others.length === 0 ? undefined : bodyPlan(rule, own, () => NEW, toldOf(rule)),
    outcome: undefined,
  };
}
