import type { RuleId } from "../program/program.ts";
import { aggregation } from "./aggregates.ts";
import {
  closePlan,
  type Continue,
  type PlanContext,
  type PlanOutput,
  type RunningPlan,
} from "./closures.ts";
import { GroupedRule } from "./groupedRule.ts";
import { isDetermined } from "./componentShape.ts";
import { HeldTable } from "./heldTable.ts";
import { mayFail, readsNothing, type Plan } from "./plan.ts";
import { isAuxiliary } from "./normalRules.ts";
import { FACTS_IN, FACTS_OUT, FACTS_WITHDRAWN, MILLISECONDS, type RuleCosts } from "./ruleCosts.ts";
import type { RulePlans } from "./rulePlans.ts";
import { sinkFor, type Sink } from "./sinks.ts";
import { headVariables, type KnownValues, type Suspicion } from "./suspicion.ts";
import { NEW, type Table } from "./table.ts";

/** Where running rules live: their tables, and who is told what failed. */
export interface RuleContext extends Omit<PlanContext, "suspect"> {
  suspect(suspicion: Suspicion): void;
  readonly costs?: RuleCosts | undefined;
}

interface Driven {
  readonly table: Table;
  readonly plan: RunningPlan;
  /** Nothing is read of the table's rows. */
  readonly same: boolean;
}

interface Delta {
  readonly table: HeldTable;
  readonly negated: boolean;
  readonly remove: RunningPlan;
  readonly add: RunningPlan;
}

/** Whether a head row has a derivation after the tick, and whether it had one before. */
interface Outcome {
  readonly after: RunningPlan;
  readonly before: RunningPlan | undefined;
}

/** One rule of a running component. */
export class RunningRule {
  readonly plans: RulePlans;
  readonly target: Table;
  readonly recursive: readonly (Driven & { readonly overdelete: RunningPlan | undefined })[];
  readonly rederive: RunningPlan | undefined;
  readonly #afresh: readonly Driven[];
  readonly #deltas: readonly Delta[];
  readonly #grouped: GroupedRule | undefined;
  readonly #context: PlanContext;
  readonly #costs: RuleCosts | undefined;
  /** Counters of what the rule derives, if they are kept; an auxiliary rule's work is its source's. */
  readonly #derived: Float64Array | undefined;
  readonly #outcome: Outcome | undefined;
  readonly #sink: Sink;
  readonly #heads: ReadonlyMap<string, number>;
  readonly #suspect: (known: KnownValues, group: boolean) => void;
  /** What the sink is told; set by whoever runs a plan. */
  #by = 1;
  /** Takes the place of the sink for recursive rules. */
  #onHead: ((row: number) => void) | undefined;

  constructor(plans: RulePlans, context: RuleContext) {
    const { rule } = plans;
    this.plans = plans;
    this.#costs = context.costs;
    this.target = context.table(rule.head);
    const isOwn = rule.timing !== "now" || !isAuxiliary(rule.head);
    if (isOwn) this.#derived = context.costs?.of(rule.source.id);
    this.#suspect = (known, group) => context.suspect({ ...known, rule: rule.source.id, group });
    this.#context = {
      interner: context.interner,
      functions: context.functions,
      table: (relation) => context.table(relation),
      suspect: (known) => this.#suspect(known, false),
    };
    this.#sink = sinkFor(rule, this.target);
    this.#heads = headVariables(rule);
    this.#grouped = this.#groupedRule();
    const held = (relation: string): HeldTable => {
      const table = context.table(relation);
      if (!(table instanceof HeldTable)) throw new Error(`${relation} is not held.`);
      return table;
    };
    this.#afresh = plans.afresh.map((d) => this.#driven(d.relation, d.plan));
    this.#deltas = plans.deltas.map((d) => ({
      table: held(d.relation),
      negated: d.negated,
      remove: this.#close(d.remove, held(d.relation)),
      add: this.#close(d.add, held(d.relation)),
    }));
    this.recursive = plans.recursive.map((d) => ({
      ...this.#driven(d.relation, d.plan),
      overdelete: d.overdelete && this.#close(d.overdelete, context.table(d.relation)),
    }));
    this.rederive = plans.rederive && this.#exists(plans.rederive, this.#costs);
    this.#outcome = plans.outcome && {
      after: this.#exists(plans.outcome.after, undefined),
      before: plans.outcome.before && this.#exists(plans.outcome.before, undefined),
    };
  }

  /** Evaluates a pulse afresh, driven by the passing relation with fewest rows. */
  runAfresh(): void {
    let best = this.#afresh[0];
    for (const driven of this.#afresh)
      if (driven.table.present < best!.table.present) best = driven;
    if (best === undefined || best.table.present === 0) return;
    this.#by = 1;
    const { top } = best.table;
    for (let row = 0; row < (best.same ? 1 : top); row++) best.plan.run(row);
    this.#grouped?.flush();
    this.#grouped?.clear();
  }

  /** Applies what changed in the relations it reads: first what ceased to hold, then what began to. */
  runDeltas(): void {
    this.removeDeltas();
    this.addDeltas();
    if (this.#grouped === undefined) return;
    this.#by = 1;
    this.#grouped.flush();
  }

  removeDeltas(): void {
    this.#by = -1;
    for (const { table, negated, remove } of this.#deltas) {
      const rows = negated ? table.inserted : table.deleted;
      for (let i = 0; i < rows.length; i++) remove.run(rows.at(i));
    }
  }

  addDeltas(): void {
    this.#by = 1;
    for (const { table, negated, add } of this.#deltas) {
      const rows = negated ? table.deleted : table.inserted;
      for (let i = 0; i < rows.length; i++) add.run(rows.at(i));
    }
  }

  /** A persistence rule: marks the rows whose keeping may have changed. */
  doubtKeeping(): void {
    for (const { table, plan } of this.#afresh) {
      if (!(table instanceof HeldTable)) continue;
      for (let i = 0; i < table.inserted.length; i++) plan.run(table.inserted.at(i));
      for (let i = 0; i < table.deleted.length; i++) plan.run(table.deleted.at(i));
    }
  }

  /** For a recursive rule, when its group is complete: counts what appeared and it derives, and what it derived. */
  recordOutcome(): void {
    if (this.#outcome === undefined || this.#derived === undefined) return;
    const { after, before } = this.#outcome;
    const { target } = this;
    if (!(target instanceof HeldTable)) {
      for (let row = 0; row < target.top; row++) if (after.run(row)) this.#derived[FACTS_OUT]!++;
      return;
    }
    const { inserted, deleted } = target;
    for (let i = 0; i < inserted.length; i++) {
      if (after.run(inserted.at(i))) this.#derived[FACTS_OUT]!++;
    }
    for (let i = 0; i < deleted.length; i++) {
      if (before?.run(deleted.at(i)) === true) this.#derived[FACTS_WITHDRAWN]!++;
    }
  }

  /** Until further notice, head rows go to `handler` and not to the sink. */
  redirect(handler: (row: number) => void): void {
    this.#onHead = handler;
  }

  visitLive(mark: (id: number) => void): void {
    this.#grouped?.visitLive(mark);
  }

  #ready(plan: Plan, driver: Table, output: PlanOutput, costs: RuleCosts | undefined): RunningPlan {
    const closed = closePlan(plan, driver, this.#context, output);
    return costs === undefined ? closed : recorded(costs, this.plans.rule.source.id, closed);
  }

  /** Whether a row of the head has a valuation; looks at all of them where one may be an error. */
  #exists(plan: Plan, costs: RuleCosts | undefined): RunningPlan {
    const nothing = new Int32Array(0);
    const all = this.plans.kind === "keep" && mayFail(plan);
    let found = false;
    const done = (): boolean => {
      found = true;
      return !all;
    };
    const output = { head: nothing, over: nothing, done };
    const running = this.#ready({ ...plan, head: [], over: [] }, this.target, output, costs);
    const kept = this.plans.kind === "keep" ? this.#keptCounted() : undefined;
    return {
      run(row) {
        found = false;
        running.run(row);
        kept?.(row, found);
        return found;
      },
    };
  }

  /** Counts a row that the rule begins to keep, or no longer keeps. */
  #keptCounted(): ((row: number, found: boolean) => void) | undefined {
    const counters = this.#derived;
    if (counters === undefined) return undefined;
    const { target } = this;
    const kept = new Set<string>();
    return (row, found) => {
      const key = target.cells.subarray(row * target.arity, (row + 1) * target.arity).join();
      if (found === kept.has(key)) return;
      counters[found ? FACTS_OUT : FACTS_WITHDRAWN]!++;
      if (found) kept.add(key);
      else kept.delete(key);
    };
  }

  #driven(relation: string, plan: Plan): Driven {
    const table = this.#context.table(relation);
    return { table, plan: this.#close(plan, table), same: readsNothing(plan.driver) };
  }

  #close(plan: Plan, driver: Table): RunningPlan {
    const output = {
      head: this.#grouped?.key ?? this.target.scratch,
      over: this.#grouped?.values ?? new Int32Array(0),
      done: this.#onValuation(),
    };
    return this.#ready(plan, driver, output, this.#costs);
  }

  #onValuation(): Continue {
    const grouped = this.#grouped;
    if (grouped !== undefined) {
      return () => {
        grouped.change(this.#by);
        return false;
      };
    }
    if (this.plans.kind !== "plain") {
      return () => {
        this.#doubt();
        return false;
      };
    }
    const isSend = this.plans.rule.timing === "async";
    const { scratch } = this.target;
    return () => {
      if (isSend && !this.#isAddress(scratch[0]!)) return false;
      this.#count(this.#by);
      if (this.#onHead === undefined) this.#sink(this.#by);
      else this.#onHead(this.target.upsert());
      return false;
    };
  }

  #doubt(): void {
    const row = this.target.find();
    if (row < 0 || (this.target.view[row]! & NEW) === 0) return;
    (this.target as HeldTable).doubtKeeping(row);
  }

  #groupedRule(): GroupedRule | undefined {
    const { rule } = this.plans;
    let keys = 0;
    let aggregates = 0;
    const layout = rule.terms.map((t) => (t.kind === "aggregate" ? ~aggregates++ : keys++));
    if (aggregates === 0) return undefined;
    const aggregations = rule.terms.flatMap((t) =>
      t.kind === "aggregate"
        ? [
            aggregation(
              t.aggregate.operator,
              isDetermined(rule, t.aggregate.over),
              this.#context.interner,
            ),
          ]
        : [],
    );
    return new GroupedRule(layout, aggregations, {
      scratch: this.target.scratch,
      contribute: (by) => {
        if (rule.timing === "async" && !this.#isAddress(this.target.scratch[0]!)) return;
        this.#count(by);
        this.#sink(by);
      },
      suspect: () => this.#suspect(this.#headValues(), true),
    });
  }

  /** Counts what begins or ceases to be derived; of recursive rules, `recordOutcome` does. */
  #count(by: number): void {
    if (this.#derived === undefined || this.plans.recursive.length > 0) return;
    this.#derived[by > 0 ? FACTS_OUT : FACTS_WITHDRAWN]!++;
  }

  #isAddress(id: number): boolean {
    if (this.#context.interner.isAddress(id)) return true;
    this.#suspect(this.#headValues(), false);
    return false;
  }

  /** What the row in the target's scratch says of the rule's variables. */
  #headValues(): KnownValues {
    const ids = [...this.#heads.values()].map((column) => this.target.scratch[column]!);
    return { variables: [...this.#heads.keys()], ids };
  }
}

/** A plan whose runs are counted and timed. */
function recorded(costs: RuleCosts, rule: RuleId, plan: RunningPlan): RunningPlan {
  const counters = costs.of(rule);
  return {
    run(row) {
      const from = costs.now();
      counters[FACTS_IN]!++;
      const found = plan.run(row);
      counters[MILLISECONDS]! += costs.now() - from;
      return found;
    },
  };
}
