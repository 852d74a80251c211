import type { RuleId } from "../program/program.ts";
import { isTuple } from "../program/value.ts";
import { aggregation } from "./aggregates.ts";
import { closePlan, type Continue, type PlanContext, type RunningPlan } from "./closures.ts";
import { GroupedRule } from "./groupedRule.ts";
import { HeldTable } from "./heldTable.ts";
import { FAILED_ID } from "./interner.ts";
import type { NormalRule } from "./normalRules.ts";
import type { Plan } from "./plan.ts";
import type { RulePlans } from "./rulePlans.ts";
import { sinkFor, type Sink } from "./sinks.ts";
import { NEW, type Table } from "./table.ts";

/** Where running rules live: their tables, and who is told what failed. */
export interface RuleContext extends Omit<PlanContext, "suspect"> {
  suspect(rule: RuleId): void;
}

interface Driven {
  readonly table: Table;
  readonly plan: RunningPlan;
}

interface Delta {
  readonly table: HeldTable;
  readonly negated: boolean;
  readonly remove: RunningPlan;
  readonly add: RunningPlan;
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
  readonly #sink: Sink;
  /** What the sink is told; set by whoever runs a plan. */
  #by = 1;
  /** Takes the place of the sink for recursive rules. */
  #onHead: ((row: number) => void) | undefined;

  constructor(plans: RulePlans, context: RuleContext) {
    const { rule } = plans;
    this.plans = plans;
    this.target = context.table(rule.head);
    const suspect = (): void => context.suspect(rule.source.id);
    this.#context = {
      interner: context.interner,
      functions: context.functions,
      table: (relation) => context.table(relation),
      suspect,
    };
    this.#sink = sinkFor(rule, this.target);
    this.#grouped = this.#groupedRule(suspect);
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
    this.rederive =
      plans.rederive && closePlan(plans.rederive, this.target, this.#context, () => () => true);
  }

  /** Evaluates a pulse afresh, driven by the passing relation with fewest rows. */
  runAfresh(): void {
    let best = this.#afresh[0];
    for (const driven of this.#afresh)
      if (driven.table.present < best!.table.present) best = driven;
    if (best === undefined || best.table.present === 0) return;
    this.#by = 1;
    for (let row = 0; row < best.table.top; row++) best.plan.run(row);
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

  /** Until further notice, head rows go to `handler` and not to the sink. */
  redirect(handler: (row: number) => void): void {
    this.#onHead = handler;
  }

  visitLive(mark: (id: number) => void): void {
    this.#grouped?.visitLive(mark);
  }

  #driven(relation: string, plan: Plan): Driven {
    const table = this.#context.table(relation);
    return { table, plan: this.#close(plan, table) };
  }

  #close(plan: Plan, driver: Table): RunningPlan {
    return closePlan(plan, driver, this.#context, (registers, evaluate): Continue => {
      const head = plan.head.map((e) => e && evaluate(e));
      if (this.#grouped !== undefined) {
        const over = plan.over.map((e) => evaluate(e));
        return this.#emitToGroup(
          this.#grouped,
          head.filter((e) => e !== undefined),
          over,
        );
      }
      void registers;
      return this.#emitRow(head.map((e) => e!));
    });
  }

  #emitRow(head: readonly (() => number)[]): Continue {
    const { scratch } = this.target;
    const isSend = this.plans.rule.timing === "async";
    const isKeep = this.plans.kind !== "plain";
    return () => {
      for (let i = 0; i < head.length; i++) {
        const id = head[i]!();
        if (id === FAILED_ID) return false;
        scratch[i] = id;
      }
      if (isSend && !this.#isAddress(scratch[0]!)) return false;
      if (isKeep) this.#doubt();
      else if (this.#onHead === undefined) this.#sink(this.#by);
      else this.#onHead(this.target.upsert());
      return false;
    };
  }

  #doubt(): void {
    const row = this.target.find();
    if (row >= 0 && (this.target.view[row]! & NEW) !== 0)
      (this.target as HeldTable).doubtKeeping(row);
  }

  #emitToGroup(
    grouped: GroupedRule,
    key: readonly (() => number)[],
    over: readonly (() => number)[],
  ): Continue {
    return () => {
      for (let i = 0; i < key.length; i++) {
        const id = key[i]!();
        if (id === FAILED_ID) return false;
        grouped.key[i] = id;
      }
      for (let i = 0; i < over.length; i++) grouped.values[i] = over[i]!();
      grouped.change(this.#by);
      return false;
    };
  }

  #groupedRule(suspect: () => void): GroupedRule | undefined {
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
        if (rule.timing !== "async" || this.#isAddress(this.target.scratch[0]!)) this.#sink(by);
      },
      suspect,
    });
  }

  #isAddress(id: number): boolean {
    const value = this.#context.interner.valueOf(id);
    if (typeof value === "object" && !isTuple(value) && value.kind === "address") return true;
    this.#context.suspect();
    return false;
  }
}

/** Whether a group's valuations differ in `over` alone, so that counting them needs no set of values. */
function isDetermined(rule: NormalRule, over: readonly string[]): boolean {
  const known = new Set<string>(over);
  for (const term of rule.terms) if (term.kind === "variable") known.add(term.name);
  return rule.body.every(
    (l) =>
      l.kind !== "stored" ||
      l.negated ||
      l.columns.every((c) => c.kind !== "variable" || known.has(c.name)),
  );
}
