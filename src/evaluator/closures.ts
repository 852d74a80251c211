import type { RelationName } from "../program/program.ts";
import { arithmetic, holds } from "./arithmetic.ts";
import { compareValues, type Value } from "../program/value.ts";
import { ValueFault } from "./evaluationError.ts";
import type { FunctionTable } from "./functions.ts";
import { FAILED_ID, type Interner } from "./interner.ts";
import type { Expression, Match, Plan, Step } from "./plan.ts";
import type { Table } from "./table.ts";

/** What plans run in. */
export interface PlanContext {
  readonly interner: Interner;
  readonly functions: FunctionTable;
  table(relation: RelationName): Table;
  /** Something could not be computed; the valuation is left out, and whether that is an error is found out later. */
  suspect(): void;
}

/** True: enough has been found, stop looking. */
export type Continue = () => boolean;

/** A plan made ready to run: for a row of the driver, `emit` is called for each valuation. */
export interface RunningPlan {
  /** Whether `emit` said stop. */
  run(row: number): boolean;
  readonly registers: Int32Array;
}

type Evaluate = () => number;

/** Turns a plan into closures: no text is generated, so it runs where generating code is forbidden. */
export function closePlan(
  plan: Plan,
  driver: Table,
  context: PlanContext,
  makeEmit: (registers: Int32Array, evaluate: (e: Expression) => Evaluate) => Continue,
): RunningPlan {
  const registers = new Int32Array(plan.registers);
  for (const { register, value } of plan.constants) {
    registers[register] = context.interner.constant(value);
  }
  const evaluate = (e: Expression): Evaluate => evaluator(e, registers, context);
  let next = makeEmit(registers, evaluate);
  for (const step of plan.steps.toReversed()) next = closeStep(step, registers, context, next);
  const match = rowMatch(plan.driver, driver, registers);
  const first = next;
  return { registers, run: (row) => match(row) && first() };
}

function closeStep(
  step: Step,
  registers: Int32Array,
  context: PlanContext,
  next: Continue,
): Continue {
  const evaluate = (e: Expression): Evaluate => evaluator(e, registers, context);
  switch (step.kind) {
    case "join":
      return step.key.length === 0
        ? scan(step, registers, context, next)
        : probe(step, registers, context, next);
    case "contains":
      return contains(step, registers, context, next);
    case "assign": {
      const { register } = step;
      const value = evaluate(step.value);
      return () => {
        const id = value();
        registers[register] = id;
        return id !== FAILED_ID && next();
      };
    }
    case "equal": {
      const { register } = step;
      const value = evaluate(step.value);
      return () => registers[register] === value() && next();
    }
    case "compare":
      return compare(step, evaluate, context, next);
    case "split": {
      const { register, length } = step;
      const match = itemMatch(step.match, registers);
      return () => {
        const items = context.interner.itemsOf(registers[register]!);
        return items !== undefined && items.length === length && match(items) && next();
      };
    }
    case "call":
      return call(step, evaluate, registers, context, next);
  }
}

function rowMatch(match: Match, table: Table, registers: Int32Array): (row: number) => boolean {
  const { arity } = table;
  const bindColumns = match.bind.map((b) => b.column);
  const bindRegisters = match.bind.map((b) => b.register);
  const checkColumns = match.check.map((c) => c.column);
  const checkRegisters = match.check.map((c) => c.register);
  const binds = bindColumns.length;
  const checks = checkColumns.length;
  return (row) => {
    const { cells } = table;
    const at = row * arity;
    for (let i = 0; i < binds; i++) registers[bindRegisters[i]!] = cells[at + bindColumns[i]!]!;
    for (let i = 0; i < checks; i++) {
      if (cells[at + checkColumns[i]!] !== registers[checkRegisters[i]!]) return false;
    }
    return true;
  };
}

function itemMatch(match: Match, registers: Int32Array): (items: ArrayLike<number>) => boolean {
  return (items) => {
    for (const { column, register } of match.bind) registers[register] = items[column]!;
    for (const { column, register } of match.check) {
      if (items[column] !== registers[register]) return false;
    }
    return true;
  };
}

function scan(
  step: Step & { kind: "join" },
  registers: Int32Array,
  context: PlanContext,
  next: Continue,
): Continue {
  const table = context.table(step.relation);
  const { view } = step;
  const match = rowMatch(step.match, table, registers);
  return () => {
    for (let row = 0; row < table.top; row++) {
      if ((table.view[row]! & view) !== 0 && match(row) && next()) return true;
    }
    return false;
  };
}

function probe(
  step: Step & { kind: "join" },
  registers: Int32Array,
  context: PlanContext,
  next: Continue,
): Continue {
  const table = context.table(step.relation);
  const index = table.index(step.key.map((k) => k.column));
  const keyRegisters = step.key.map((k) => k.register);
  const { view } = step;
  const match = rowMatch(step.match, table, registers);
  const { key } = index;
  return () => {
    for (let i = 0; i < keyRegisters.length; i++) key[i] = registers[keyRegisters[i]!]!;
    for (let row = index.first(); row >= 0; row = index.next[row]!) {
      if ((table.view[row]! & view) !== 0 && match(row) && next()) return true;
    }
    return false;
  };
}

function contains(
  step: Step & { kind: "contains" },
  registers: Int32Array,
  context: PlanContext,
  next: Continue,
): Continue {
  const table = context.table(step.relation);
  const from = step.registers;
  const { view, absent } = step;
  const { scratch } = table;
  return () => {
    for (let i = 0; i < from.length; i++) scratch[i] = registers[from[i]!]!;
    const row = table.find();
    const found = row >= 0 && (table.view[row]! & view) !== 0;
    return found !== absent && next();
  };
}

function compare(
  step: Step & { kind: "compare" },
  evaluate: (e: Expression) => Evaluate,
  context: PlanContext,
  next: Continue,
): Continue {
  const { operator } = step;
  const left = evaluate(step.left);
  const right = evaluate(step.right);
  return () => {
    const a = left();
    const b = right();
    if (a === FAILED_ID || b === FAILED_ID) return false;
    const order = a === b ? 0 : orderOf(context.interner, a, b);
    return holds(operator, order) && next();
  };
}

/** The order of two different ids' values; small integers are ordered as their ids are. */
export function orderOf(interner: Interner, a: number, b: number): number {
  return (a & b & 1) === 1 ? a - b : compareValues(interner.valueOf(a), interner.valueOf(b));
}

function call(
  step: Step & { kind: "call" },
  evaluate: (e: Expression) => Evaluate,
  registers: Int32Array,
  context: PlanContext,
  next: Continue,
): Continue {
  const { interner } = context;
  const implementation = context.functions.get(step.function);
  if (implementation === undefined) {
    throw new Error(`Function ${step.function} has no implementation.`);
  }
  const inputs = step.inputs.map(evaluate);
  const match = itemMatch(step.match, registers);
  const { negated } = step;
  return () => {
    const values: Value[] = [];
    for (const input of inputs) {
      const id = input();
      if (id === FAILED_ID) return false;
      values.push(interner.valueOf(id));
    }
    const outputs = attempt(context, () => implementation(values) ?? null);
    if (outputs === undefined) return false;
    const found = outputs !== null && match(outputs.map((v) => interner.intern(v)));
    return found !== negated && next();
  };
}

/** Undefined when the program's own values make it fail. */
function attempt<T>(context: PlanContext, compute: () => T): T | undefined {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof ValueFault)) throw error;
    context.suspect();
    return undefined;
  }
}

function evaluator(e: Expression, registers: Int32Array, context: PlanContext): Evaluate {
  switch (e.kind) {
    case "register": {
      const { register } = e;
      return () => registers[register]!;
    }
    case "tuple": {
      const items = e.items.map((i) => evaluator(i, registers, context));
      return () => {
        const ids = Int32Array.from(items, (item) => item());
        return ids.includes(FAILED_ID) ? FAILED_ID : context.interner.tuple(ids);
      };
    }
    case "arithmetic":
      return arithmeticEvaluator(e, registers, context);
  }
}

function arithmeticEvaluator(
  e: Expression & { kind: "arithmetic" },
  registers: Int32Array,
  context: PlanContext,
): Evaluate {
  const { interner } = context;
  const left = evaluator(e.left, registers, context);
  const right = evaluator(e.right, registers, context);
  const slow = (a: number, b: number): number =>
    a === FAILED_ID || b === FAILED_ID
      ? FAILED_ID
      : (attempt(context, () =>
          interner.intern(arithmetic(e.operator, interner.valueOf(a), interner.valueOf(b))),
        ) ?? FAILED_ID);
  const sign = e.operator === "+" ? 1 : e.operator === "-" ? -1 : 0;
  if (sign === 0) return () => slow(left(), right());
  return () => {
    const a = left();
    const b = right();
    if ((a & b & 1) === 0) return slow(a, b);
    const result = (a >> 1) + sign * (b >> 1);
    return result < 2 ** 30 && result >= -(2 ** 30) ? (result << 1) | 1 : slow(a, b);
  };
}
