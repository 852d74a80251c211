import type { RelationName, RuleId } from "../program/program.ts";
import { calculation, comparison, functionOf, tupleFinder, tupleMaker } from "./closures.ts";
import { FAILED_ID } from "./interner.ts";
import {
  computes,
  type AssignStep,
  type CallStep,
  type ColumnRegister,
  type Expression,
  type Known,
  type Match,
  type Plan,
  type Step,
} from "./plan.ts";
import { FACTS_IN } from "./ruleCosts.ts";
import type { CodeText } from "./codeText.ts";
import type { TableCode } from "./tableCode.ts";

/** Names of the rule's counters (see `RuleCosts`) and of the clock. */
export interface CostCode {
  readonly counters: string;
  readonly now: string;
}

/** What a plan has found when it has found a valuation: expressions over its registers. */
export interface Found {
  /** The head's plain terms, in order. */
  readonly head: readonly string[];
  readonly over: readonly string[];
  /** For each relation joined, the row it found. */
  readonly rows: ReadonlyMap<RelationName, string>;
}

export interface PlanCodeContext {
  readonly text: CodeText;
  readonly rule: RuleId;
  /** When the cost of rules is recorded. */
  readonly costs: CostCode | undefined;
  table(relation: RelationName): TableCode;
}

/**
 * Writes a plan as a function from the driver's row: nested loops over registers, with `found` (statements) in the
 * innermost. The function's name is returned; it gives true exactly when `found` returned that.
 */
export function writePlan(
  plan: Plan,
  driver: TableCode,
  context: PlanCodeContext,
  found: (found: Found) => string,
): string {
  return new PlanWriter(context).write(plan, driver, found);
}

class PlanWriter {
  readonly #context: PlanCodeContext;
  readonly #text: CodeText;
  readonly #lines: string[] = [];
  readonly #rows = new Map<RelationName, string>();
  #loops = 0;

  constructor(context: PlanCodeContext) {
    this.#context = context;
    this.#text = context.text;
  }

  write(plan: Plan, driver: TableCode, found: (found: Found) => string): string {
    const name = this.#text.name("q");
    const constants = new Map(
      plan.constants.map(({ register, value }) => [
        register,
        this.#text.datum(({ interner }) => interner.constant(value)),
      ]),
    );
    const registers = Array.from({ length: plan.registers }, (_, i) =>
      constants.has(i) ? `r${i}=${constants.get(i)}` : `r${i}=0`,
    );
    const { costs } = this.#context;
    if (costs !== undefined) this.#lines.push(`${costs.counters}[${FACTS_IN}]++;`);
    if (registers.length > 0) this.#lines.push(`let ${registers.join(",")};`);
    this.#match(plan.driver, (column) => driver.at("row", column));
    for (const step of plan.steps) this.#step(step);
    this.#found(plan, found);
    this.#lines.push("}".repeat(this.#loops), "return false;");
    this.#text.line(`function ${name}(row){${this.#lines.join("\n")}}`);
    return name;
  }

  #step(step: Step): void {
    switch (step.kind) {
      case "join":
        this.#join(step);
        return;
      case "exists":
        this.#exists(step);
        return;
      case "contains":
        this.#contains(step);
        return;
      case "assign":
        this.#lines.push(`r${step.register}=${this.#expression(step.value)};`);
        if (computes(step.value)) this.#failing(`r${step.register}`, step.known);
        return;
      case "equal":
        this.#unless(`r${step.register}===${this.#value(step.value, step.known)}`);
        return;
      case "compare":
        this.#unless(this.#comparison(step));
        return;
      case "split": {
        const itemsOf = this.#text.datum(
          ({ interner }) =>
            (id: number) =>
              interner.itemsOf(id),
          "itemsOf",
        );
        const items = this.#local(`${itemsOf}(r${step.register})`);
        this.#unless(`${items}!==undefined&&${items}.length===${step.length}`);
        this.#match(step.match, (column) => `${items}[${column}]`);
        return;
      }
      case "call":
        this.#call(step);
        return;
      case "fails":
        this.#fails(step.of);
    }
  }

  #join(step: Step & { kind: "join" }): void {
    const table = this.#context.table(step.relation);
    const row = `a${this.#lines.length}`;
    if (step.key.length === 0) {
      this.#lines.push(`${table.loop(row)}{`);
    } else {
      const index = table.index(step.key.map((k) => k.column));
      const key = step.key.map((k) => `r${k.register}`).join(",");
      const next = table.at(row, index.next);
      this.#lines.push(`for(let ${row}=${index.name}_first(${key});${row}!==0;${row}=${next}){`);
    }
    this.#loops++;
    this.#rows.set(step.relation, row);
    if (table.kind !== "passing") this.#unless(`(${table.state(row)}&${step.view})!==0`);
    this.#match(step.match, (column) => table.at(row, column));
  }

  #exists({ relation, key: columns, view }: Step & { kind: "exists" }): void {
    const table = this.#context.table(relation);
    if (columns.length === 0) {
      this.#unless(`${table.name}_n>0`);
      return;
    }
    const index = table.index(columns.map((k) => k.column));
    const key = columns.map((k) => `r${k.register}`).join(",");
    const row = `v${this.#lines.length}`;
    this.#lines.push(`let ${row}=${index.name}_first(${key});`);
    if (table.kind !== "passing") {
      const next = table.at(row, index.next);
      this.#lines.push(`while(${row}!==0&&(${table.state(row)}&${view})===0)${row}=${next};`);
    }
    this.#unless(`${row}!==0`);
  }

  #contains(step: Step & { kind: "contains" }): void {
    const table = this.#context.table(step.relation);
    const row = this.#local(table.find(step.registers.map((r) => `r${r}`)));
    if (!step.absent) this.#rows.set(step.relation, row);
    const holds =
      table.kind === "passing"
        ? `${row}!==0`
        : `(${row}!==0&&(${table.state(row)}&${step.view})!==0)`;
    this.#unless(step.absent ? `!(${holds})` : holds);
  }

  #comparison({ operator, left, right, known }: Step & { kind: "compare" }): string {
    const a = this.#value(left, known);
    const b = this.#value(right, known);
    const plain = !computes(left) && !computes(right);
    if (plain && operator === "==") return `${a}===${b}`;
    if (plain && operator === "!=") return `${a}!==${b}`;
    const slow = this.#text.datum((c) => comparison(operator, c), `compare ${operator}`);
    if (!plain) return `${slow}(${a},${b})`;
    return `((${a}&${b}&1)===1?${a}${operator}${b}:${slow}(${a},${b}))`;
  }

  #call(step: CallStep): void {
    const apply = this.#text.datum((c) => functionOf(step, c));
    const inputs = step.inputs.map((e) => this.#expression(e)).join(",");
    const outputs = this.#local(`${apply}([${inputs}])`);
    this.#failing(outputs, step.known, "undefined");
    const checks = step.match.check.map((c) => `${outputs}[${c.column}]===r${c.register}`);
    if (step.negated) {
      this.#unless(`!(${[`${outputs}!==null`, ...checks].join("&&")})`);
      return;
    }
    this.#unless(`${outputs}!==null`);
    this.#match(step.match, (column) => `${outputs}[${column}]`);
  }

  #fails(step: AssignStep | CallStep): void {
    if (step.kind !== "call") {
      this.#unless(`${this.#expression(step.value)}===${FAILED_ID}`);
      return;
    }
    const apply = this.#text.datum((c) => functionOf(step, c));
    const inputs = step.inputs.map((e) => this.#expression(e)).join(",");
    this.#unless(`${apply}([${inputs}])===undefined`);
  }

  #found(plan: Plan, found: (found: Found) => string): void {
    const value = (e: Expression): string => this.#value(e, plan.known);
    const head = plan.head.flatMap((e) => (e === undefined ? [] : [value(e)]));
    const over = plan.over.map(value);
    this.#lines.push(found({ head, over, rows: this.#rows }));
  }

  #match({ bind, check }: Match, cell: (column: number) => string): void {
    const each = (list: readonly ColumnRegister[], write: (c: ColumnRegister) => void): void =>
      list.forEach(write);
    each(bind, ({ column, register }) => this.#lines.push(`r${register}=${cell(column)};`));
    each(check, ({ column, register }) => this.#unless(`${cell(column)}===r${register}`));
  }

  /** An expression that is evaluated here, if it computes something, and is no valuation if that fails. */
  #value(e: Expression, known: Known): string {
    if (!computes(e)) return this.#expression(e);
    const value = this.#local(this.#expression(e));
    this.#failing(value, known);
    return value;
  }

  #expression(e: Expression): string {
    switch (e.kind) {
      case "register":
        return `r${e.register}`;
      case "tuple":
      case "pattern": {
        const maker = e.kind === "tuple" ? tupleMaker : tupleFinder;
        const make = this.#text.datum((c) => maker(c), e.kind);
        return `${make}([${e.items.map((i) => this.#expression(i)).join(",")}])`;
      }
      case "arithmetic": {
        const compute = this.#text.datum(
          (c) => calculation(e.operator, c),
          `calculate ${e.operator}`,
        );
        return `${compute}(${this.#expression(e.left)},${this.#expression(e.right)})`;
      }
    }
  }

  /** Goes on to the next row where the value is one that could not be computed, and tells what is known there. */
  #failing(value: string, known: Known, failure: string | number = FAILED_ID): void {
    this.#lines.push(`if(${value}===${failure}){${this.#told(known)}${this.#leave()}}`);
  }

  #told(known: Known): string {
    if (known === undefined) return "";
    const { rule } = this.#context;
    const variables = known.map((k) => k.variable);
    const tell = this.#text.datum(
      ({ suspect }) =>
        (...ids: readonly number[]) =>
          suspect({ rule, group: false, variables, ids }),
      `suspect ${JSON.stringify([rule, ...variables])}`,
    );
    return `${tell}(${known.map((k) => `r${k.register}`).join(",")});`;
  }

  /** Goes on to the next row of the innermost loop unless the condition holds. */
  #unless(condition: string): void {
    this.#lines.push(`if(!(${condition}))${this.#leave()}`);
  }

  #leave(): string {
    return this.#loops > 0 ? "continue;" : "return false;";
  }

  #local(value: string): string {
    const name = `v${this.#lines.length}`;
    this.#lines.push(`const ${name}=${value};`);
    return name;
  }
}
