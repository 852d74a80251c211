import type {
  ArithmeticOperator,
  ComparisonOperator,
  RelationName,
  Term,
} from "../program/program.ts";
import type { Value } from "../program/value.ts";
import { variablesOf } from "./literalOrder.ts";
import type { Column, NormalLiteral, StoredLiteral } from "./normalRules.ts";
import { ANY, NEW } from "./table.ts";

/** An expression over registers. Constants have registers of their own. */
export type Expression =
  | { readonly kind: "register"; readonly register: number }
  | {
      readonly kind: "arithmetic";
      readonly operator: ArithmeticOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "tuple"; readonly items: readonly Expression[] }
  /** The tuple of these items that some row may hold; without a value where none can. Not an error. */
  | { readonly kind: "pattern"; readonly items: readonly Expression[] };

export interface ColumnRegister {
  readonly column: number;
  readonly register: number;
}

/** What to do with a row, or with a tuple's items: compare columns with registers, then copy others into registers. */
export interface Match {
  readonly check: readonly ColumnRegister[];
  readonly bind: readonly ColumnRegister[];
}

/** Where the value is of a variable that the rule's positive stored literals bind. */
export interface KnownVariable {
  readonly variable: string;
  readonly register: number;
}

/** What is known of a valuation where something may fail to be computed; undefined when nobody has to be told. */
export type Known = readonly KnownVariable[] | undefined;

export type Step =
  /** For each row with these key columns (all rows when there are none). */
  | {
      readonly kind: "join";
      readonly relation: RelationName;
      readonly key: readonly ColumnRegister[];
      readonly match: Match;
      readonly view: number;
    }
  /** Goes on once when there is any row with these key columns. */
  | {
      readonly kind: "exists";
      readonly relation: RelationName;
      readonly key: readonly ColumnRegister[];
      readonly view: number;
    }
  /** Goes on when the row is there, or (`absent`) when it is not. */
  | {
      readonly kind: "contains";
      readonly relation: RelationName;
      readonly registers: readonly number[];
      readonly absent: boolean;
      readonly view: number;
    }
  | AssignStep
  | {
      readonly kind: "compare";
      readonly operator: ComparisonOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly known: Known;
    }
  | {
      readonly kind: "split";
      readonly register: number;
      readonly length: number;
      readonly match: Match;
    }
  | CallStep
  /** Goes on when that cannot be computed. */
  | { readonly kind: "fails"; readonly of: AssignStep | CallStep };

export interface AssignStep {
  readonly kind: "assign" | "equal";
  readonly register: number;
  readonly value: Expression;
  readonly known: Known;
}

export interface CallStep {
  readonly kind: "call";
  readonly function: string;
  readonly negated: boolean;
  readonly inputs: readonly Expression[];
  readonly match: Match;
  readonly known: Known;
}

/** How to find the valuations of a rule's body that go with a given row (of the driver). */
export interface Plan {
  readonly driver: Match;
  readonly steps: readonly Step[];
  /** Values of the head's terms; undefined where an aggregate stands. */
  readonly head: readonly (Expression | undefined)[];
  /** For each aggregate of the head, the value that goes into it. */
  readonly over: readonly Expression[];
  /** When the whole body holds. */
  readonly known: Known;
  readonly registers: number;
  readonly constants: readonly { readonly register: number; readonly value: Value }[];
}

export interface PlanInput {
  readonly driver: readonly Column[];
  /** The rest of the body, each stored literal with the state of the database it is joined with. */
  readonly literals: readonly PlannedLiteral[];
  readonly head: readonly (Term | undefined)[];
  readonly over: readonly (readonly string[])[];
  /** Variables that positive stored literals bind, and others for them: what is equal to something may be looked up by it. */
  readonly stored: ReadonlySet<string>;
  /** Which of them to tell when something cannot be computed, if anybody wants to know. */
  readonly told: ReadonlySet<string> | undefined;
  /** Nobody counts valuations: one of all that are equal in every variable is enough. */
  readonly once: boolean;
}

export interface PlannedLiteral {
  readonly literal: NormalLiteral;
  readonly view: number;
}

/**
 * Chooses the order of joins: tests as soon as they can be made, those that cannot fail first; then what gives values to
 * look rows up by, then the join with most columns known, then functions, joins with nothing known (what holds few rows
 * first), and last what only the head needs.
 */
export function plan(input: PlanInput): Plan {
  const planner = new Planner(input);
  const driver = planner.match(input.driver);
  const steps: Step[] = [];
  const waiting = [...input.literals];
  while (waiting.length > 0) {
    const next = planner.choose(waiting);
    const { literal, view } = waiting.splice(next, 1)[0]!;
    steps.push(planner.step(literal, view));
  }
  const variable = (name: string): Term => ({ kind: "variable", name });
  const over = input.over.map((names) =>
    planner.expression(
      names.length === 1 ? variable(names[0]!) : { kind: "tuple", terms: names.map(variable) },
    ),
  );
  const head = input.head.map((t) => (t === undefined ? undefined : planner.expression(t)));
  const known = planner.known();
  return {
    driver,
    steps,
    head,
    over,
    known,
    registers: planner.count,
    constants: planner.constants,
  };
}

class Planner {
  readonly constants: { readonly register: number; readonly value: Value }[] = [];
  count = 0;
  readonly #registers = new Map<string, number>();
  readonly #stored: ReadonlySet<string>;
  readonly #told: ReadonlySet<string> | undefined;
  readonly #once: boolean;

  constructor({ stored, told, once }: Pick<PlanInput, "stored" | "told" | "once">) {
    this.#stored = stored;
    this.#told = told;
    this.#once = once;
  }

  choose(waiting: readonly PlannedLiteral[]): number {
    let best = 0;
    let bestRank = -1;
    let needed: ReadonlySet<string> | undefined;
    const isNeeded = (variable: string): boolean =>
      (needed ??= neededVariables(waiting)).has(variable);
    waiting.forEach(({ literal, view }, i) => {
      const rank = this.#rank(literal, view, isNeeded);
      if (rank > bestRank) [best, bestRank] = [i, rank];
    });
    if (bestRank < 0) throw new Error("A variable of the rule is bound nowhere.");
    return best;
  }

  /** How good it is to go on with this literal; negative while it has to wait. */
  #rank(literal: NormalLiteral, view: number, isNeeded: (variable: string) => boolean): number {
    switch (literal.kind) {
      case "compare": {
        const { left, right } = literal;
        if (this.#ready([left, right])) return isComputed(left) || isComputed(right) ? 860 : 1000;
        const found = this.#equality(literal);
        return found === undefined ? -1 : isComputed(found.value) ? 850 : 900;
      }
      case "assign": {
        const { variable, value } = literal;
        if (this.#original(literal) !== undefined) return 900;
        if (!this.#ready([value])) return -1;
        const isTest = this.#registers.has(variable);
        if (!isComputed(value)) return isTest ? 990 : 900;
        return isTest ? 860 : isNeeded(variable) ? 850 : 0;
      }
      case "split":
        if (this.#registers.has(literal.variable)) return 950;
        return this.#isPattern(literal) && isNeeded(literal.variable) ? 940 : -1;
      case "call": {
        const outputs = literal.outputs.every((c) => c.kind === "wildcard" || this.#isKnown(c));
        const ready = this.#ready(literal.inputs) && (outputs || !literal.negated);
        return ready ? 10 : -1;
      }
      case "fails": {
        const { of } = literal;
        return this.#ready(of.kind === "assign" ? [of.value] : of.inputs) ? 10 : -1;
      }
      case "stored": {
        const known = literal.columns.filter((c) => this.#isKnown(c)).length;
        if (known === literal.columns.length) return 980;
        if (literal.negated) return -1;
        if (this.#isExistence(literal, view)) return 970;
        return known > 0 ? 100 + known : literal.few === true ? 2 : 1;
      }
    }
  }

  step(literal: NormalLiteral, view: number): Step {
    switch (literal.kind) {
      case "compare": {
        const found = this.#ready([literal.left, literal.right])
          ? undefined
          : this.#equality(literal);
        if (found !== undefined) return this.step({ kind: "assign", ...found }, view);
        const left = this.expression(literal.left);
        return { ...literal, left, right: this.expression(literal.right), known: this.known() };
      }
      case "assign": {
        const original = this.#original(literal);
        if (original !== undefined) return this.step({ kind: "assign", ...original }, view);
        const value = this.expression(literal.value);
        const kind = this.#registers.has(literal.variable) ? "equal" : "assign";
        const known = this.known();
        return { kind, register: this.#register(literal.variable), value, known };
      }
      case "split": {
        if (!this.#registers.has(literal.variable)) return this.#pattern(literal);
        const register = this.#register(literal.variable);
        return {
          kind: "split",
          register,
          length: literal.items.length,
          match: this.match(literal.items),
        };
      }
      case "call": {
        const inputs = literal.inputs.map((t) => this.expression(t));
        const { function: name, negated, outputs } = literal;
        const known = this.known();
        const match = this.match(outputs);
        return { kind: "call", function: name, negated, inputs, match, known };
      }
      case "fails": {
        const of = this.step(literal.of, view);
        if (of.kind !== "assign" && of.kind !== "equal" && of.kind !== "call")
          throw new Error("Its result is known.");
        return { kind: "fails", of };
      }
      case "stored":
        return this.#storedStep(literal, view);
    }
  }

  match(columns: readonly Column[]): Match {
    const check: ColumnRegister[] = [];
    const bind: ColumnRegister[] = [];
    const bound = new Map<string, number>();
    columns.forEach((c, column) => {
      if (c.kind === "wildcard") return;
      if (this.#isKnown(c)) check.push({ column, register: this.#columnRegister(c) });
      else if (c.kind === "variable" && bound.has(c.name)) {
        check.push({ column, register: bound.get(c.name)! });
      } else if (c.kind === "variable") {
        const register = this.count++;
        bound.set(c.name, register);
        bind.push({ column, register });
      }
    });
    for (const [name, register] of bound) this.#registers.set(name, register);
    return { check, bind };
  }

  expression(term: Term): Expression {
    switch (term.kind) {
      case "variable":
        return { kind: "register", register: this.#register(term.name) };
      case "constant":
        return { kind: "register", register: this.#constant(term.value) };
      case "arithmetic": {
        const left = this.expression(term.left);
        return { ...term, left, right: this.expression(term.right) };
      }
      case "tuple":
        return { kind: "tuple", items: term.terms.map((t) => this.expression(t)) };
      case "wildcard":
        throw new Error("A wildcard has no value.");
    }
  }

  known(): Known {
    const told = this.#told;
    if (told === undefined) return undefined;
    return [...this.#registers].flatMap(([variable, register]) =>
      told.has(variable) ? [{ variable, register }] : [],
    );
  }

  #storedStep(literal: StoredLiteral, view: number): Step {
    const { relation, columns, negated } = literal;
    if (columns.every((c) => this.#isKnown(c))) {
      const registers = columns.map((c) => this.#columnRegister(c));
      return { kind: "contains", relation, registers, absent: negated, view };
    }
    const key = columns.flatMap((c, column) =>
      this.#isKnown(c) ? [{ column, register: this.#columnRegister(c) }] : [],
    );
    if (this.#isExistence(literal, view)) return { kind: "exists", relation, key, view };
    const rest = columns.map((c): Column => (this.#isKnown(c) ? { kind: "wildcard" } : c));
    return { kind: "join", relation, key, match: this.match(rest), view };
  }

  /** Whether all that matters is if there is a row; how many there are at all is known of the state after the tick only. */
  #isExistence({ columns }: StoredLiteral, view: number): boolean {
    if (!this.#once || !columns.every((c) => c.kind === "wildcard" || this.#isKnown(c)))
      return false;
    return view === NEW || columns.some((c) => c.kind !== "wildcard");
  }

  /** What an equality says of a variable that is not known yet, if some stored literal binds that. */
  #equality({
    operator,
    left,
    right,
  }: NormalLiteral & { kind: "compare" }):
    { readonly variable: string; readonly value: Term } | undefined {
    const isUnknown = (t: Term): t is Term & { kind: "variable" } =>
      t.kind === "variable" && !this.#registers.has(t.name) && this.#stored.has(t.name);
    if (operator !== "==") return undefined;
    if (isUnknown(left) && this.#ready([right])) return { variable: left.name, value: right };
    if (isUnknown(right) && this.#ready([left])) return { variable: right.name, value: left };
    return undefined;
  }

  /** Of `z := y` where `z` is known before `y`, which some stored literal binds: `y := z`. */
  #original({
    variable,
    value,
  }: NormalLiteral & { kind: "assign" }):
    { readonly variable: string; readonly value: Term } | undefined {
    if (value.kind !== "variable" || !this.#registers.has(variable)) return undefined;
    if (this.#registers.has(value.name) || !this.#stored.has(value.name)) return undefined;
    return { variable: value.name, value: { kind: "variable", name: variable } };
  }

  /** Whether the tuple can be made of its items, to look for rows that hold it. */
  #isPattern({ variable, items }: NormalLiteral & { kind: "split" }): boolean {
    return this.#stored.has(variable) && items.every((c) => this.#isKnown(c));
  }

  #pattern({ variable, items }: NormalLiteral & { kind: "split" }): Step {
    const value: Expression = {
      kind: "pattern",
      items: items.map((c) => ({ kind: "register", register: this.#columnRegister(c) })),
    };
    return { kind: "assign", register: this.#register(variable), value, known: undefined };
  }

  #ready(terms: readonly Term[]): boolean {
    return terms.every((t): boolean => {
      if (t.kind === "variable") return this.#registers.has(t.name);
      if (t.kind === "tuple") return this.#ready(t.terms);
      return t.kind !== "arithmetic" || this.#ready([t.left, t.right]);
    });
  }

  #isKnown(column: Column): boolean {
    if (column.kind === "variable") return this.#registers.has(column.name);
    return column.kind === "constant";
  }

  #columnRegister(column: Column): number {
    if (column.kind === "variable") return this.#register(column.name);
    if (column.kind === "constant") return this.#constant(column.value);
    throw new Error("A wildcard has no register.");
  }

  #register(variable: string): number {
    let register = this.#registers.get(variable);
    if (register === undefined) this.#registers.set(variable, (register = this.count++));
    return register;
  }

  #constant(value: Value): number {
    const register = this.count++;
    this.constants.push({ register, value });
    return register;
  }
}

/** Whether computing the term may fail. */
export function isComputed(term: Term): boolean {
  return term.kind === "arithmetic" || term.kind === "tuple";
}

/** Variables with which one of the literals does something, or with what is computed from them: not only the head. */
function neededVariables(waiting: readonly PlannedLiteral[]): ReadonlySet<string> {
  // Grows while it is looked at.
  const needed = new Set<string>();
  const values = new Map<string, Term[]>();
  for (const { literal } of waiting) {
    if (literal.kind !== "assign") for (const v of variablesRead(literal)) needed.add(v);
    else if (values.has(literal.variable)) values.get(literal.variable)!.push(literal.value);
    else values.set(literal.variable, [literal.value]);
  }
  for (const name of needed) {
    for (const v of variablesOf(values.get(name) ?? [])) needed.add(v);
  }
  return needed;
}

function variablesRead(literal: Exclude<NormalLiteral, { kind: "assign" }>): readonly string[] {
  switch (literal.kind) {
    case "stored":
      return variablesOf(literal.columns);
    case "split":
      return variablesOf(literal.items);
    case "compare":
      return variablesOf([literal.left, literal.right]);
    case "call":
      return variablesOf([...literal.inputs, ...literal.outputs]);
    case "fails":
      return literal.of.kind === "assign"
        ? variablesOf([literal.of.value])
        : variablesOf(literal.of.inputs);
  }
}

/** Whether a valuation can be one for which something cannot be computed. */
export function mayFail(plan: Plan): boolean {
  const fails = (e: Expression): boolean => computes(e) && e.kind !== "pattern";
  return plan.steps.some((step) => {
    if (step.kind === "assign" || step.kind === "equal") return fails(step.value);
    if (step.kind === "compare") return fails(step.left) || fails(step.right);
    return step.kind === "call";
  });
}

/** Whether the plan is the same for every row. */
export function readsNothing({ bind, check }: Match): boolean {
  return bind.length === 0 && check.length === 0;
}

/** Whether it may be without a value. */
export function computes(e: Expression): boolean {
  return e.kind !== "register";
}

/** The state in which a negated literal must not find its row: also what only half of the tick holds. */
export function negatedView(view: number): number {
  return view === 1 ? ANY : view;
}
