import {
  calculation,
  comparison,
  functionOf,
  tupleMaker,
  type PlanContext,
  type PlanOutput,
  type RunningPlan,
} from "./closures.ts";
import { FAILED_ID } from "./interner.ts";
import type { ColumnRegister, Expression, Match, Plan, Step } from "./plan.ts";
import type { Table } from "./table.ts";

/** Whether text may become code here; a content security policy can forbid it. */
export function mayGenerateCode(): boolean {
  try {
    return Function("return true")() === true;
  } catch {
    return false;
  }
}

/**
 * Turns a plan into a function of its own: nested loops over numbered registers. The text consists of numbers and fixed
 * words; tables, constants and functions are handed over as data, so that no program's text ever becomes code.
 */
export function generatePlan(
  plan: Plan,
  driver: Table,
  context: PlanContext,
  output: PlanOutput,
): RunningPlan {
  const writer = new PlanWriter(context);
  const text = writer.plan(plan, driver, output);
  const make = Function("d", text) as (data: readonly unknown[]) => RunningPlan["run"];
  return { run: make(writer.data) };
}

class PlanWriter {
  readonly data: unknown[] = [];
  readonly #context: PlanContext;
  readonly #names = new Map<unknown, string>();
  readonly #lines: string[] = [];
  #loops = 0;

  constructor(context: PlanContext) {
    this.#context = context;
  }

  plan(plan: Plan, driver: Table, output: PlanOutput): string {
    const constant = new Map(
      plan.constants.map((c) => [c.register, this.#context.interner.constant(c.value)]),
    );
    const registers = Array.from(
      { length: plan.registers },
      (_, i) => `r${i}=${constant.get(i) ?? 0}`,
    );
    this.#row(plan.driver, driver, "row");
    for (const step of plan.steps) this.#step(step);
    this.#output(plan, output);
    this.#lines.push("}".repeat(this.#loops));
    const data = this.data.map((_, i) => `const d${i}=d[${i}];`).join("");
    const declared = registers.length > 0 ? `let ${registers.join(",")};` : "";
    const body = this.#lines.join("\n");
    return `"use strict";${data}return function(row){${declared}\n${body}\nreturn false;}`;
  }

  #step(step: Step): void {
    switch (step.kind) {
      case "join":
        this.#join(step);
        return;
      case "contains":
        this.#contains(step);
        return;
      case "assign":
        this.#lines.push(`r${step.register}=${this.#expression(step.value)};`);
        this.#unless(`r${step.register}!==${FAILED_ID}`);
        return;
      case "equal":
        this.#unless(`r${step.register}===${this.#expression(step.value)}`);
        return;
      case "compare":
        this.#unless(this.#comparison(step));
        return;
      case "split": {
        const { interner } = this.#context;
        const itemsOf = this.#datum((id: number) => interner.itemsOf(id));
        const items = this.#local(`${itemsOf}(r${step.register})`);
        this.#unless(`${items}!==undefined&&${items}.length===${step.length}`);
        this.#match(step.match, (column) => `${items}[${column}]`);
        return;
      }
      case "call":
        this.#call(step);
    }
  }

  #join(step: Step & { kind: "join" }): void {
    const table = this.#context.table(step.relation);
    const t = this.#datum(table);
    const row = `a${this.#lines.length}`;
    if (step.key.length === 0) {
      this.#lines.push(`for(let ${row}=0;${row}<${t}.top;${row}++){`);
    } else {
      const index = table.index(step.key.map((k) => k.column));
      const i = this.#datum(index);
      const key = this.#datum(index.key);
      this.#lines.push(step.key.map((k, n) => `${key}[${n}]=r${k.register};`).join(""));
      this.#lines.push(`for(let ${row}=${i}.first();${row}>=0;${row}=${i}.next[${row}]){`);
    }
    this.#loops++;
    this.#unless(`(${t}.view[${row}]&${step.view})!==0`);
    this.#row(step.match, table, row);
  }

  #contains(step: Step & { kind: "contains" }): void {
    const table = this.#context.table(step.relation);
    const t = this.#datum(table);
    const scratch = this.#datum(table.scratch);
    this.#lines.push(step.registers.map((r, i) => `${scratch}[${i}]=r${r};`).join(""));
    const row = this.#local(`${t}.find()`);
    const found = `(${row}>=0&&(${t}.view[${row}]&${step.view})!==0)`;
    this.#unless(step.absent ? `!${found}` : found);
  }

  #comparison({ operator, left, right }: Step & { kind: "compare" }): string {
    const slow = this.#datum(comparison(operator, this.#context));
    const a = this.#expression(left);
    const b = this.#expression(right);
    const plain = left.kind === "register" && right.kind === "register";
    if (!plain) return `${slow}(${a},${b})`;
    if (operator === "==") return `${a}===${b}`;
    if (operator === "!=") return `${a}!==${b}`;
    return `((${a}&${b}&1)===1?${a}${operator}${b}:${slow}(${a},${b}))`;
  }

  #call(step: Step & { kind: "call" }): void {
    const apply = this.#datum(functionOf(step, this.#context));
    const inputs = step.inputs.map((e) => this.#expression(e)).join(",");
    const outputs = this.#local(`${apply}([${inputs}])`);
    this.#unless(`${outputs}!==undefined`);
    const checks = step.match.check.map((c) => `${outputs}[${c.column}]===r${c.register}`);
    if (step.negated) {
      this.#unless(`!(${[`${outputs}!==null`, ...checks].join("&&")})`);
      return;
    }
    this.#unless(`${outputs}!==null`);
    this.#match(step.match, (column) => `${outputs}[${column}]`);
  }

  #output(plan: Plan, { head, over, done }: PlanOutput): void {
    const h = this.#datum(head);
    const o = this.#datum(over);
    plan.head
      .filter((e) => e !== undefined)
      .forEach((e, i) => {
        this.#lines.push(`${h}[${i}]=${this.#expression(e)};`);
        if (e.kind !== "register") this.#unless(`${h}[${i}]!==${FAILED_ID}`);
      });
    plan.over.forEach((e, i) => this.#lines.push(`${o}[${i}]=${this.#expression(e)};`));
    this.#lines.push(`if(${this.#datum(done)}())return true;`);
  }

  #row(match: Match, table: Table, row: string): void {
    if (match.bind.length + match.check.length === 0) return;
    const cells = this.#local(`${this.#datum(table)}.cells`);
    const at = this.#local(`${row}*${table.arity}`);
    this.#match(match, (column) => `${cells}[${at}+${column}]`);
  }

  #match({ bind, check }: Match, cell: (column: number) => string): void {
    const each = (list: readonly ColumnRegister[], write: (c: ColumnRegister) => void): void =>
      list.forEach(write);
    each(bind, ({ column, register }) => this.#lines.push(`r${register}=${cell(column)};`));
    each(check, ({ column, register }) => this.#unless(`${cell(column)}===r${register}`));
  }

  #expression(e: Expression): string {
    switch (e.kind) {
      case "register":
        return `r${e.register}`;
      case "tuple": {
        const make = this.#datum(tupleMaker(this.#context));
        return `${make}([${e.items.map((i) => this.#expression(i)).join(",")}])`;
      }
      case "arithmetic": {
        const compute = this.#datum(calculation(e.operator, this.#context));
        return `${compute}(${this.#expression(e.left)},${this.#expression(e.right)})`;
      }
    }
  }

  /** Goes on to the next row of the innermost loop unless the condition holds. */
  #unless(condition: string): void {
    this.#lines.push(`if(!(${condition}))${this.#loops > 0 ? "continue" : "return false"};`);
  }

  #local(value: string): string {
    const name = `v${this.#lines.length}`;
    this.#lines.push(`const ${name}=${value};`);
    return name;
  }

  /** The name under which the generated function knows an object of ours. */
  #datum(value: unknown): string {
    let name = this.#names.get(value);
    if (name === undefined) {
      name = `d${this.data.length}`;
      this.#names.set(value, name);
      this.data.push(value);
    }
    return name;
  }
}
