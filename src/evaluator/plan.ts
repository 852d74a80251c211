import type {
  ArithmeticOperator,
  ComparisonOperator,
  RelationName,
  Term,
} from "../program/program.ts";
import type { Value } from "../program/value.ts";
import type { Column, NormalLiteral, StoredLiteral } from "./normalRules.ts";
import { ANY } from "./table.ts";

/** An expression over registers. Constants have registers of their own. */
export type Expression =
  | { readonly kind: "register"; readonly register: number }
  | {
      readonly kind: "arithmetic";
      readonly operator: ArithmeticOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "tuple"; readonly items: readonly Expression[] };

export interface ColumnRegister {
  readonly column: number;
  readonly register: number;
}

/** What to do with a row, or with a tuple's items: compare columns with registers, then copy others into registers. */
export interface Match {
  readonly check: readonly ColumnRegister[];
  readonly bind: readonly ColumnRegister[];
}

export type Step =
  /** For each row with these key columns (all rows when there are none). */
  | {
      readonly kind: "join";
      readonly relation: RelationName;
      readonly key: readonly ColumnRegister[];
      readonly match: Match;
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
  | { readonly kind: "assign"; readonly register: number; readonly value: Expression }
  | { readonly kind: "equal"; readonly register: number; readonly value: Expression }
  | {
      readonly kind: "compare";
      readonly operator: ComparisonOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "split";
      readonly register: number;
      readonly length: number;
      readonly match: Match;
    }
  | {
      readonly kind: "call";
      readonly function: string;
      readonly negated: boolean;
      readonly inputs: readonly Expression[];
      readonly match: Match;
    };

/** How to find the valuations of a rule's body that go with a given row (of the driver). */
export interface Plan {
  readonly driver: Match;
  readonly steps: readonly Step[];
  /** Values of the head's terms; undefined where an aggregate stands. */
  readonly head: readonly (Expression | undefined)[];
  /** For each aggregate of the head, the value that goes into it. */
  readonly over: readonly Expression[];
  readonly registers: number;
  readonly constants: readonly { readonly register: number; readonly value: Value }[];
}

export interface PlanInput {
  readonly driver: readonly Column[];
  /** The rest of the body, each stored literal with the state of the database it is joined with. */
  readonly literals: readonly PlannedLiteral[];
  readonly head: readonly (Term | undefined)[];
  readonly over: readonly (readonly string[])[];
}

export interface PlannedLiteral {
  readonly literal: NormalLiteral;
  readonly view: number;
}

/**
 * Chooses the order of joins: tests as soon as they can be made, then what computes a value cheaply, then the join with
 * most columns known, then functions, and joins with nothing known last.
 */
export function plan(input: PlanInput): Plan {
  const planner = new Planner();
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
  return { driver, steps, head, over, registers: planner.count, constants: planner.constants };
}

class Planner {
  readonly constants: { readonly register: number; readonly value: Value }[] = [];
  count = 0;
  readonly #registers = new Map<string, number>();

  choose(waiting: readonly PlannedLiteral[]): number {
    let best = 0;
    let bestRank = -1;
    waiting.forEach(({ literal }, i) => {
      const rank = this.#rank(literal);
      if (rank > bestRank) [best, bestRank] = [i, rank];
    });
    if (bestRank < 0) throw new Error("A variable of the rule is bound nowhere.");
    return best;
  }

  /** How good it is to go on with this literal; negative while it has to wait. */
  #rank(literal: NormalLiteral): number {
    switch (literal.kind) {
      case "compare":
        return this.#ready([literal.left, literal.right]) ? 1000 : -1;
      case "assign":
        return this.#ready([literal.value]) ? 900 : -1;
      case "split":
        return this.#registers.has(literal.variable) ? 950 : -1;
      case "call": {
        const outputs = literal.outputs.every((c) => c.kind === "wildcard" || this.#isKnown(c));
        const ready = this.#ready(literal.inputs) && (outputs || !literal.negated);
        return ready ? 10 : -1;
      }
      case "stored": {
        const known = literal.columns.filter((c) => this.#isKnown(c)).length;
        if (known === literal.columns.length) return 980;
        return literal.negated ? -1 : known === 0 ? 1 : 100 + known;
      }
    }
  }

  step(literal: NormalLiteral, view: number): Step {
    switch (literal.kind) {
      case "compare": {
        const left = this.expression(literal.left);
        return { ...literal, left, right: this.expression(literal.right) };
      }
      case "assign": {
        const value = this.expression(literal.value);
        const kind = this.#registers.has(literal.variable) ? "equal" : "assign";
        return { kind, register: this.#register(literal.variable), value };
      }
      case "split": {
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
        return { kind: "call", function: name, negated, inputs, match: this.match(outputs) };
      }
      case "stored":
        return this.#stored(literal, view);
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

  #stored(literal: StoredLiteral, view: number): Step {
    const { relation, columns, negated } = literal;
    if (columns.every((c) => this.#isKnown(c))) {
      const registers = columns.map((c) => this.#columnRegister(c));
      return { kind: "contains", relation, registers, absent: negated, view };
    }
    const key = columns.flatMap((c, column) =>
      this.#isKnown(c) ? [{ column, register: this.#columnRegister(c) }] : [],
    );
    const rest = columns.map((c): Column => (this.#isKnown(c) ? { kind: "wildcard" } : c));
    return { kind: "join", relation, key, match: this.match(rest), view };
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

/** Whether a valuation can be one for which something cannot be computed. */
export function mayFail(plan: Plan): boolean {
  const computes = (e: Expression): boolean => e.kind !== "register";
  return plan.steps.some((step) => {
    if (step.kind === "assign" || step.kind === "equal") return computes(step.value);
    if (step.kind === "compare") return computes(step.left) || computes(step.right);
    return step.kind === "call";
  });
}

/** The state in which a negated literal must not find its row: also what only half of the tick holds. */
export function negatedView(view: number): number {
  return view === 1 ? ANY : view;
}
