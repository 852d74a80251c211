import type {
  Aggregate,
  AggregateOperator,
  Arithmetic,
  Component,
  HeadTerm,
  Literal,
  Program,
  RelationLiteral,
  RelationName,
  Rule,
  Term,
} from "../program/program.ts";
import { address, bytes, type Row, type Value } from "../program/value.ts";
import type { Fact, NodeEnvironment } from "./nodeEngine.ts";
import { ValueFault } from "./evaluationError.ts";

/** A component with one node's environment and what arrives at it, tick by tick. */
export interface EvaluatorCase {
  readonly rules: readonly Rule[];
  readonly schedule: readonly (readonly Fact[])[];
}

const COMPONENT = "c";

export function programOf(rules: readonly Rule[]): Program {
  const component: Component = { name: COMPONENT, by: [], declarations: [], rules };
  return {
    declarations: [
      { kind: "relation", role: "input", relation: "e1", attributes: [{ name: "a" }] },
      {
        kind: "relation",
        role: "input",
        relation: "e2",
        attributes: [{ name: "a" }, { name: "b" }],
      },
      { kind: "relation", role: "edb", relation: "s0", attributes: [], rows: [] },
      { kind: "relation", role: "edb", relation: "s1", attributes: [{ name: "a" }], rows: [] },
      {
        kind: "relation",
        role: "node",
        relation: "s2",
        attributes: [{ name: "a" }, { name: "b" }],
      },
      { kind: "relation", role: "edb", relation: "peer", attributes: [{ name: "a" }], rows: [] },
      {
        kind: "function",
        function: "half",
        inputs: [{ name: "x" }],
        outputs: [{ name: "y" }],
      },
    ],
    components: [component],
  };
}

export const ENVIRONMENT: NodeEnvironment = {
  address: "me",
  edb: new Map<RelationName, readonly Row[]>([
    ["boot", [[]]],
    ["s0", []],
    ["s1", [[1], [2]]],
    [
      "s2",
      [
        [0, 1],
        [1, 2],
        [2, 0],
        [3, "s"],
      ],
    ],
    ["peer", [[address("a")], [address("b")]]],
  ]),
  functions: new Map([
    [
      "half/2",
      ([x]) => {
        if (typeof x !== "number") throw new ValueFault("half of what is no small integer");
        return x % 2 === 0 ? [x / 2] : undefined;
      },
    ],
  ]),
};

/** Derived relations with their arities; a now-rule reads its own level or below. */
const DERIVED: readonly (readonly [RelationName, number])[] = [
  ["p0", 1],
  ["p1", 2],
  ["p2", 2],
  ["p3", 1],
  ["p4", 2],
  ["p5", 0],
];
const CONSTANT: readonly (readonly [RelationName, number])[] = [
  ["s0", 0],
  ["s1", 1],
  ["s2", 2],
  ["boot", 0],
];
const ARRIVING: readonly (readonly [RelationName, number])[] = [
  ["e1", 1],
  ["e2", 2],
  ["m", 2],
];
const VARIABLES = ["x", "y", "z", "w"];

/** A generator of small numbers, the same everywhere for a seed (xorshift). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed ^ 0x5bd1e995, 0x9e3779b1) | 1;
    for (let i = 0; i < 4; i++) this.below(2);
  }

  below(n: number): number {
    let s = this.#state;
    s ^= s << 13;
    s ^= s >>> 17;
    s ^= s << 5;
    this.#state = s;
    return (s >>> 0) % n;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }
}

export function randomCase(seed: number): EvaluatorCase {
  const dice = new Dice(seed);
  const rules = new RuleMaker(dice).rules();
  const schedule = Array.from({ length: 4 + dice.below(7) }, () => arrivals(dice));
  return { rules, schedule };
}

function arrivals(dice: Dice): readonly Fact[] {
  return Array.from({ length: dice.chance(25) ? 0 : dice.below(7) }, () => {
    const [relation, arity] = dice.pick(ARRIVING);
    return { relation, row: Array.from({ length: arity }, () => value(dice)) };
  });
}

function value(dice: Dice): Value {
  if (dice.chance(94)) return dice.below(4);
  return dice.pick<Value>([
    "s",
    "s",
    true,
    bytes("0a"),
    address("a"),
    [1, 2],
    [0, 0],
    2 ** 53 - 1,
    2n ** 62n,
    2 ** 30,
    -1,
  ]);
}

/** The rules of one component, numbered per head as files do (files.md, Rule ids). */
export function withIds(rules: readonly Omit<Rule, "id">[]): readonly Rule[] {
  const counts = new Map<RelationName, number>();
  return rules.map((rule) => {
    const n = (counts.get(rule.head.relation) ?? 0) + 1;
    counts.set(rule.head.relation, n);
    return { ...rule, id: `${COMPONENT}/${rule.head.relation}/${n}` };
  });
}

class RuleMaker {
  readonly #dice: Dice;
  readonly #level: ReadonlyMap<RelationName, number>;

  constructor(dice: Dice) {
    this.#dice = dice;
    this.#level = new Map(DERIVED.map(([r]) => [r, dice.below(3)]));
  }

  rules(): readonly Rule[] {
    const made: Omit<Rule, "id">[] = [];
    const count = 3 + this.#dice.below(8);
    for (let i = 0; i < count; i++) made.push(this.#rule());
    for (const [relation, arity] of DERIVED) {
      if (this.#dice.chance(35)) made.push(this.#persistence(relation, arity));
      if (this.#dice.chance(10)) made.push(this.#persistence(relation, arity));
    }
    return withIds(made);
  }

  #rule(): Omit<Rule, "id"> {
    const roll = this.#dice.below(100);
    if (roll < 20) return this.#next();
    if (roll < 40) return this.#send();
    return this.#now();
  }

  #now(): Omit<Rule, "id"> {
    const [relation, arity] = this.#dice.pick(DERIVED);
    const level = this.#level.get(relation)!;
    const aggregates = arity > 0 && this.#dice.chance(30);
    const body = this.#body(aggregates ? level - 1 : level, level - 1);
    const isRecursive = body.some(
      (l) => l.kind === "relation" && this.#level.get(l.relation) === level,
    );
    const terms = this.#head(arity, body, aggregates, !isRecursive);
    return { head: { relation, terms, timing: { kind: "now" } }, body };
  }

  #next(): Omit<Rule, "id"> {
    const [relation, arity] = this.#dice.pick(DERIVED);
    const body = this.#body(9, 9);
    const terms = this.#head(arity, body, arity > 0 && this.#dice.chance(15), true);
    return { head: { relation, terms, timing: { kind: "next" } }, body };
  }

  #send(): Omit<Rule, "id"> {
    const body = [...this.#body(9, 9)];
    const relation = this.#dice.pick(["o1", "o2", "m"]);
    let destination: Term = { kind: "constant", value: address(this.#dice.pick(["a", "me"])) };
    if (this.#dice.chance(40)) {
      body.push(literal("peer", [variable("d")]));
      destination = variable("d");
    } else if (this.#dice.chance(3)) destination = this.#bound(body);
    const terms = this.#head(relation === "o1" ? 1 : 2, body, this.#dice.chance(15), true);
    return { head: { relation, terms, timing: { kind: "async", destination } }, body };
  }

  #persistence(relation: RelationName, arity: number): Omit<Rule, "id"> {
    const terms = VARIABLES.slice(0, arity).map(variable);
    const body: Literal[] = [literal(relation, terms)];
    if (this.#dice.chance(60)) body.push(this.#negated(body, 9));
    if (this.#dice.chance(15)) body.push(...this.#body(9, 9));
    if (this.#dice.chance(50)) body.reverse();
    return { head: { relation, terms, timing: { kind: "next" } }, body };
  }

  #body(positiveLevel: number, negatedLevel: number): readonly Literal[] {
    const body: Literal[] = [];
    const size = this.#dice.pick([1, 1, 1, 2, 2, 2, 3]);
    for (let i = 0; i < size; i++) body.push(this.#positive(positiveLevel));
    if (this.#dice.chance(12)) body.push(this.#computed(body));
    if (this.#dice.chance(8)) {
      body.push(literal("half", [this.#bound(body), variable(this.#dice.pick(["h", "x"]))]));
    }
    if (this.#dice.chance(5)) {
      body.push({ ...literal("half", [this.#bound(body), { kind: "wildcard" }]), negated: true });
    }
    if (this.#dice.chance(25)) body.push(this.#negated(body, negatedLevel));
    if (this.#dice.chance(15)) {
      const operator = this.#dice.pick(["==", "!=", "<", "<=", ">", ">="] as const);
      const right = this.#dice.chance(50) ? this.#bound(body) : constant(this.#dice.below(4));
      body.push({ kind: "comparison", operator, left: this.#bound(body), right });
    }
    if (this.#dice.chance(30)) body.reverse();
    return body;
  }

  #positive(level: number): RelationLiteral {
    const [relation, arity] = this.#relation(level);
    return literal(
      relation,
      Array.from({ length: arity }, () => this.#pattern()),
    );
  }

  #relation(level: number): readonly [RelationName, number] {
    const roll = this.#dice.below(100);
    if (roll < 25) return this.#dice.pick(ARRIVING);
    if (roll < 37) return this.#dice.pick(CONSTANT);
    if (roll < 40) return this.#dice.pick([["tick", 1] as const, ["self", 1] as const]);
    const allowed = DERIVED.filter(([r]) => this.#level.get(r)! <= level);
    return allowed.length === 0 ? this.#dice.pick(ARRIVING) : this.#dice.pick(allowed);
  }

  #pattern(): Term {
    const roll = this.#dice.below(100);
    if (roll < 76) return variable(this.#dice.pick(VARIABLES));
    if (roll < 86) return { kind: "wildcard" };
    if (roll < 95) return constant(this.#dice.below(3));
    return { kind: "tuple", terms: [this.#pattern(), this.#pattern()] };
  }

  #negated(body: readonly Literal[], level: number): RelationLiteral {
    const [relation, arity] = this.#relation(level);
    const terms = Array.from({ length: arity }, (): Term => {
      const roll = this.#dice.below(100);
      if (roll < 20) return { kind: "wildcard" };
      if (roll < 27) return this.#arithmetic(body);
      if (roll < 31) return { kind: "tuple", terms: [this.#bound(body), { kind: "wildcard" }] };
      return this.#bound(body);
    });
    return { ...literal(relation, terms), negated: true };
  }

  #computed(body: readonly Literal[]): Literal {
    const name = this.#dice.pick(["v", "v", "y"]);
    return { kind: "assignment", variable: name, value: this.#arithmetic(body) };
  }

  /** Mostly kept within a few numbers, so that recursion ends and joins meet. */
  #arithmetic(body: readonly Literal[]): Term {
    const operator = this.#dice.pick(["+", "+", "+", "-", "*", "/", "%"] as const);
    const term: Arithmetic = {
      kind: "arithmetic",
      operator,
      left: this.#bound(body),
      right: this.#dice.chance(60) ? constant(1 + this.#dice.below(3)) : this.#bound(body),
    };
    return { kind: "arithmetic", operator: "%", left: term, right: constant(4) };
  }

  #head(
    arity: number,
    body: readonly Literal[],
    aggregates: boolean,
    mayGrow: boolean,
  ): readonly HeadTerm[] {
    const at = aggregates ? this.#dice.below(arity) : -1;
    return Array.from({ length: arity }, (_, i): HeadTerm => {
      if (i === at || (aggregates && this.#dice.chance(15))) {
        const found = this.#aggregate(body);
        if (found !== undefined) return found;
      }
      if (this.#dice.chance(10)) return this.#arithmetic(body);
      if (mayGrow && this.#dice.chance(4)) {
        return { kind: "tuple", terms: [this.#bound(body), this.#bound(body)] };
      }
      return this.#bound(body);
    });
  }

  #aggregate(body: readonly Literal[]): Aggregate | undefined {
    const names = bindable(body);
    if (names.length === 0) return undefined;
    const operator = this.#dice.pick<AggregateOperator>([
      "count",
      "count",
      "sum",
      "min",
      "max",
      "collect",
    ]);
    const over = [this.#dice.pick(names)];
    if (this.#dice.chance(15)) over.push(this.#dice.pick(names));
    return { kind: "aggregate", operator, over };
  }

  #bound(body: readonly Literal[]): Term {
    const names = bindable(body);
    return names.length === 0 || this.#dice.chance(8)
      ? constant(this.#dice.below(3))
      : variable(this.#dice.pick(names));
  }
}

/** Variables that the positive stored literals bind. */
function bindable(body: readonly Literal[]): readonly string[] {
  const inTerm = (term: Term): readonly string[] =>
    term.kind === "variable"
      ? [term.name]
      : term.kind === "tuple"
        ? term.terms.flatMap(inTerm)
        : [];
  return [
    ...new Set(
      body.flatMap((l) =>
        l.kind === "relation" && !l.negated && l.relation !== "half" ? l.terms.flatMap(inTerm) : [],
      ),
    ),
  ];
}

function variable(name: string): Term {
  return { kind: "variable", name };
}

function constant(from: Value): Term {
  return { kind: "constant", value: from };
}

function literal(relation: RelationName, terms: readonly Term[]): RelationLiteral {
  return { kind: "relation", negated: false, relation, terms };
}
