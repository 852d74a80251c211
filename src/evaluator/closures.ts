import type { ArithmeticOperator, ComparisonOperator, RelationName } from "../program/program.ts";
import { arithmetic, holds } from "./arithmetic.ts";
import { compareValues } from "../program/value.ts";
import { ValueFault } from "./evaluationError.ts";
import { functionAt } from "./functionAt.ts";
import type { FunctionTable } from "./functions.ts";
import { FAILED_ID, type Interner } from "./interner.ts";
import type { AssignStep, CallStep, Expression, Known, Match, Plan, Step } from "./plan.ts";
import type { KnownValues } from "./suspicion.ts";
import type { Table } from "./table.ts";

/** What computing values takes. */
export interface ValueContext {
  readonly interner: Interner;
  readonly functions: FunctionTable;
}

/** What plans run in. */
export interface PlanContext extends ValueContext {
  table(relation: RelationName): Table;
  /** Something could not be computed; the valuation is left out, and whether that is an error is found out later. */
  suspect(known: KnownValues): void;
}

/** True: enough has been found, stop looking. */
export type Continue = () => boolean;

/** A plan made ready to run: for a row of the driver, the output's `done` is called for each valuation. */
export interface RunningPlan {
  /** Whether `done` said stop. */
  run(row: number): boolean;
}

/** Where a plan puts what it finds, one valuation at a time. */
export interface PlanOutput {
  /** Values of the head's plain terms, in order. */
  readonly head: Int32Array;
  /** What goes into each aggregate. */
  readonly over: Int32Array;
  readonly done: Continue;
}

export type Evaluate = () => number;

/** Turns a plan into closures: no text is generated, so it runs where generating code is forbidden. */
export function closePlan(
  plan: Plan,
  driver: Table,
  context: PlanContext,
  output: PlanOutput,
): RunningPlan {
  const registers = new Int32Array(plan.registers);
  for (const { register, value } of plan.constants) {
    registers[register] = context.interner.constant(value);
  }
  let next = closeOutput(plan, registers, context, output);
  for (const step of plan.steps.toReversed()) next = closeStep(step, registers, context, next);
  const match = rowMatch(plan.driver, driver, registers);
  const first = next;
  return { run: (row) => match(row) && first() };
}

function closeOutput(
  plan: Plan,
  registers: Int32Array,
  context: PlanContext,
  { head, over, done }: PlanOutput,
): Continue {
  const evaluate = (e: Expression): Evaluate => evaluator(e, registers, context);
  const plain = plan.head.flatMap((e) => (e === undefined ? [] : [evaluate(e)]));
  const values = plan.over.map(evaluate);
  const failed = teller(plan.known, registers, context);
  return () => {
    for (let i = 0; i < plain.length; i++) {
      const id = plain[i]!();
      if (id === FAILED_ID) return failed();
      head[i] = id;
    }
    for (let i = 0; i < values.length; i++) {
      const id = values[i]!();
      if (id === FAILED_ID) return failed();
      over[i] = id;
    }
    return done();
  };
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
    case "exists":
      return exists(step, registers, context, next);
    case "contains":
      return contains(step, registers, context, next);
    case "assign": {
      const { register } = step;
      const value = evaluate(step.value);
      const failed = teller(step.known, registers, context);
      return () => {
        const id = value();
        registers[register] = id;
        return id === FAILED_ID ? failed() : next();
      };
    }
    case "equal": {
      const { register } = step;
      const value = evaluate(step.value);
      const failed = teller(step.known, registers, context);
      return () => {
        const id = value();
        if (id === FAILED_ID) return failed();
        return registers[register] === id && next();
      };
    }
    case "compare":
      return compare(step, evaluate, teller(step.known, registers, context), context, next);
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
    case "fails":
      return fails(step.of, evaluate, context, next);
  }
}

/** Tells what is known of a valuation for which something could not be computed; it is no valuation. */
function teller(known: Known, registers: Int32Array, context: PlanContext): () => false {
  if (known === undefined) return () => false;
  const variables = known.map((k) => k.variable);
  return () => {
    context.suspect({ variables, ids: known.map((k) => registers[k.register]!) });
    return false;
  };
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

function exists(
  step: Step & { kind: "exists" },
  registers: Int32Array,
  context: PlanContext,
  next: Continue,
): Continue {
  const table = context.table(step.relation);
  if (step.key.length === 0) return () => table.present > 0 && next();
  const index = table.index(step.key.map((k) => k.column));
  const keyRegisters = step.key.map((k) => k.register);
  const { view } = step;
  const { key } = index;
  return () => {
    for (let i = 0; i < keyRegisters.length; i++) key[i] = registers[keyRegisters[i]!]!;
    let row = index.first();
    while (row >= 0 && (table.view[row]! & view) === 0) row = index.next[row]!;
    return row >= 0 && next();
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
  failed: () => false,
  context: PlanContext,
  next: Continue,
): Continue {
  const compares = comparison(step.operator, context);
  const left = evaluate(step.left);
  const right = evaluate(step.right);
  return () => {
    const a = left();
    const b = right();
    if (a === FAILED_ID || b === FAILED_ID) return failed();
    return compares(a, b) && next();
  };
}

/** A comparison of ids. */
export function comparison(
  operator: ComparisonOperator,
  { interner }: Pick<ValueContext, "interner">,
): (a: number, b: number) => boolean {
  return (a, b) => holds(operator, a === b ? 0 : orderOf(interner, a, b));
}

/** The order of two different ids' values; small integers are ordered as their ids are. */
export function orderOf(interner: Interner, a: number, b: number): number {
  return (a & b & 1) === 1 ? a - b : compareValues(interner.valueOf(a), interner.valueOf(b));
}

function call(
  step: CallStep,
  evaluate: (e: Expression) => Evaluate,
  registers: Int32Array,
  context: PlanContext,
  next: Continue,
): Continue {
  const apply = functionOf(step, context);
  const inputs = step.inputs.map(evaluate);
  const match = itemMatch(step.match, registers);
  const { negated } = step;
  const failed = teller(step.known, registers, context);
  return () => {
    const outputs = apply(inputs.map((input) => input()));
    if (outputs === undefined) return failed();
    return (outputs !== null && match(outputs)) !== negated && next();
  };
}

function fails(
  step: AssignStep | CallStep,
  evaluate: (e: Expression) => Evaluate,
  context: PlanContext,
  next: Continue,
): Continue {
  if (step.kind !== "call") {
    const value = evaluate(step.value);
    return () => value() === FAILED_ID && next();
  }
  const apply = functionOf(step, context);
  const inputs = step.inputs.map(evaluate);
  return () => apply(inputs.map((input) => input())) === undefined && next();
}

/** A function over ids: null when there is no row, undefined when it fails. */
export function functionOf(
  step: CallStep,
  context: ValueContext,
): (inputs: readonly number[]) => readonly number[] | null | undefined {
  const { interner } = context;
  const implementation = functionAt(context.functions, step.function);
  return (inputs) => {
    if (inputs.includes(FAILED_ID)) return undefined;
    return attempt(() => {
      const outputs = implementation(inputs.map((id) => interner.valueOf(id)));
      return outputs === undefined ? null : outputs.map((v) => interner.intern(v));
    });
  };
}

/** Undefined when the program's own values make it fail. */
function attempt<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof ValueFault)) throw error;
    return undefined;
  }
}

function evaluator(e: Expression, registers: Int32Array, context: PlanContext): Evaluate {
  switch (e.kind) {
    case "register": {
      const { register } = e;
      return () => registers[register]!;
    }
    case "tuple":
    case "pattern": {
      const items = e.items.map((i) => evaluator(i, registers, context));
      const make = e.kind === "tuple" ? tupleMaker(context) : tupleFinder(context);
      return () => make(items.map((item) => item()));
    }
    case "arithmetic": {
      const left = evaluator(e.left, registers, context);
      const right = evaluator(e.right, registers, context);
      const compute = calculation(e.operator, context);
      return () => compute(left(), right());
    }
  }
}

export function tupleMaker({
  interner,
}: Pick<ValueContext, "interner">): (items: readonly number[]) => number {
  return (items) => (items.includes(FAILED_ID) ? FAILED_ID : interner.computedTuple(items));
}

export function tupleFinder({
  interner,
}: Pick<ValueContext, "interner">): (items: readonly number[]) => number {
  return (items) => (items.includes(FAILED_ID) ? FAILED_ID : interner.knownTuple(items));
}

/** An operation on ids; sums and differences of small integers need no values. */
export function calculation(
  operator: ArithmeticOperator,
  { interner }: Pick<ValueContext, "interner">,
): (a: number, b: number) => number {
  const slow = (a: number, b: number): number =>
    a === FAILED_ID || b === FAILED_ID
      ? FAILED_ID
      : (attempt(() =>
          interner.intern(arithmetic(operator, interner.valueOf(a), interner.valueOf(b))),
        ) ?? FAILED_ID);
  const sign = operator === "+" ? 1 : operator === "-" ? -1 : 0;
  if (sign === 0) return slow;
  return (a, b) => {
    if ((a & b & 1) === 0) return slow(a, b);
    const result = (a >> 1) + sign * (b >> 1);
    return result < 2 ** 30 && result >= -(2 ** 30) ? (result << 1) | 1 : slow(a, b);
  };
}
