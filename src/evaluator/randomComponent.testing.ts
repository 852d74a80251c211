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
import { address, bytes, rowKey, type Row, type Value } from "../program/value.ts";
import type { Fact, NodeEngine, NodeEnvironment } from "./nodeEngine.ts";
import { ValueFault } from "./evaluationError.ts";
import { Dice } from "./dice.testing.ts";
import { FUNCTIONS, functionLiterals, KEYS, MADE } from "./randomFunctions.testing.ts";

/** A component with one node's environment and what arrives at it, tick by tick. */
export interface EvaluatorCase {
  readonly rules: readonly Rule[];
  readonly schedule: readonly (readonly Fact[])[];
  /** The node is asked what holds after the last tick only, and for no changes. */
  readonly lazy?: boolean;
  /** Made to hold thousands of facts, at a cost that stays in proportion. */
  readonly bulk?: boolean;
  /** How many facts it may hold. */
  readonly most?: number;
}

/** What a case holds at most, unless it says otherwise. */
const MOST = 40;

/** A node that holds more goes no further: some components square in every tick how many facts or how large ones. */
export function holdsMuch(
  engine: NodeEngine,
  relations: Iterable<RelationName>,
  most = MOST,
): boolean {
  if (engine.size() > most) return true;
  let length = 0;
  for (const relation of relations) {
    for (const row of engine.facts(relation)) length += rowKey(row).length;
  }
  return length > 50 * most;
}

/** What random components may be made of. */
export interface Vocabulary {
  /** What arrives and stands in rules now and then; all else is small numbers. */
  readonly values: readonly Value[];
  readonly aggregates: readonly AggregateOperator[];
  readonly tuples: "any" | "pairs" | "none";
  /** Functions besides `half` and `even`, keys for them, and any arithmetic anywhere. */
  readonly functions: boolean;
  /** No rule reads two relations that may depend on its head. */
  readonly linear: boolean;
  /** Most rules have equalities, parts of tuples, and computations that fail unless another literal excludes it. */
  readonly lookups?: boolean;
  /** Some rules choose among their rows, or number them. */
  readonly choices?: boolean;
  /** Numbers up to forty and dozens of facts a tick, so that a hundred and more are held. */
  readonly wide?: boolean;
}

const AGGREGATES: readonly AggregateOperator[] = ["count", "count", "sum", "min", "max"];

export const EVERYTHING: Vocabulary = {
  values: [
    "s",
    "s",
    "",
    true,
    false,
    bytes("0a"),
    bytes(""),
    address("a"),
    [1, 2],
    [0, 0],
    [],
    [1],
    [[1, "s"], 2, 0],
    2 ** 53 - 1,
    2n ** 62n,
    -(2n ** 63n),
    2 ** 30,
    -1,
    ...MADE,
  ],
  aggregates: [...AGGREGATES, "collect", "choose"],
  tuples: "any",
  functions: true,
  linear: false,
  choices: true,
};

/** Without what is left open. */
export const SETTLED: Vocabulary = {
  ...EVERYTHING,
  aggregates: [...AGGREGATES, "collect"],
  choices: false,
};

export const LOOKUPS: Vocabulary = { ...EVERYTHING, lookups: true };

export const WIDE: Vocabulary = { ...EVERYTHING, linear: true, wide: true };

/** What a case of that vocabulary holds at most. */
const MOST_WIDE = 300;

const COMPONENT = "c";

export function programOf(rules: readonly Rule[]): Program {
  const component: Component = { name: COMPONENT, by: [], declarations: [], rules };
  return {
    declarations: [
      { kind: "timer", relation: "e0", periodMs: 50 },
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
      { kind: "function", function: "even", inputs: [{ name: "x" }], outputs: [] },
      {
        kind: "function",
        function: "split",
        inputs: [{ name: "x" }],
        outputs: [{ name: "y" }, { name: "z" }],
      },
    ],
    components: [component],
  };
}

/** Constant relations without keys. */
export const PLAIN_EDB: ReadonlyMap<RelationName, readonly Row[]> = new Map([
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
]);

export const ENVIRONMENT: NodeEnvironment = {
  address: "me",
  edb: new Map([...PLAIN_EDB, ...KEYS]),
  functions: new Map([
    ...FUNCTIONS,
    ["half/2", ([x]) => (small(x) % 2 === 0 ? [small(x) / 2] : undefined)],
    ["even/1", ([x]) => (small(x) % 2 === 0 ? [] : undefined)],
    ["split/3", ([x]) => [Math.trunc(small(x) / 2), small(x) % 2]],
  ]),
};

function small(value: Value | undefined): number {
  if (typeof value !== "number") throw new ValueFault("this is no small integer");
  return value;
}

/** Derived relations with their arities; a now-rule reads its own level or below. */
export const DERIVED: readonly (readonly [RelationName, number])[] = [
  ["p0", 1],
  ["p1", 2],
  ["p2", 2],
  ["p3", 1],
  ["p4", 2],
  ["p5", 0],
  ["p6", 3],
];
const CONSTANT: readonly (readonly [RelationName, number])[] = [
  ["s0", 0],
  ["s1", 1],
  ["s2", 2],
  ["boot", 0],
];
const KEYED: readonly (readonly [RelationName, number])[] = [
  ["orig", 1],
  ["mykey", 1],
  ["trusted", 1],
  ["publicKey", 2],
];
export const ARRIVING: readonly (readonly [RelationName, number])[] = [
  ["e0", 0],
  ["e1", 1],
  ["e1", 1],
  ["e2", 2],
  ["e2", 2],
  ["m", 2],
  ["m", 2],
];
const VARIABLES = ["x", "y", "z", "w"];
/** What `index` gives. */
const NUMBER = "i";

export function randomCase(seed: number, vocabulary: Vocabulary = EVERYTHING): EvaluatorCase {
  const dice = new Dice(seed);
  const rules = new RuleMaker(dice, vocabulary).rules();
  const schedule = Array.from({ length: 4 + dice.below(7) }, () => arrivals(dice, vocabulary));
  const most = vocabulary.wide === true ? { most: MOST_WIDE } : {};
  return { rules, schedule, lazy: dice.chance(25), ...most };
}

function arrivals(dice: Dice, vocabulary: Vocabulary): readonly Fact[] {
  const many = vocabulary.wide === true ? 60 : 10;
  return Array.from({ length: dice.chance(20) ? 0 : dice.below(many) }, () => {
    const [relation, arity] = dice.pick(ARRIVING);
    return { relation, row: Array.from({ length: arity }, () => value(dice, vocabulary)) };
  });
}

function value(dice: Dice, { values, lookups, wide }: Vocabulary): Value {
  if (wide === true && dice.chance(80)) return dice.below(dice.pick([6, 20, 40]));
  if (lookups === true && dice.chance(20)) return [dice.below(3), dice.below(3)];
  return dice.chance(95) ? dice.below(dice.pick([2, 3, 4])) : dice.pick(values);
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
  readonly #vocabulary: Vocabulary;
  /** The derived relations that the component is about, with their arities, and their levels. */
  readonly #derived: readonly (readonly [RelationName, number])[];
  readonly #level: ReadonlyMap<RelationName, number>;

  constructor(dice: Dice, vocabulary: Vocabulary) {
    this.#dice = dice;
    this.#vocabulary = vocabulary;
    const chosen = DERIVED.filter(() => dice.chance(50));
    this.#derived = chosen.length === 0 ? [dice.pick(DERIVED)] : chosen;
    this.#level = new Map(this.#derived.map(([r]) => [r, dice.below(3)]));
  }

  rules(): readonly Rule[] {
    const made: Omit<Rule, "id">[] = [];
    for (const [relation, arity] of this.#derived) {
      if (this.#dice.chance(80)) made.push(this.#source(relation, arity));
    }
    const count = 2 + this.#dice.below(7);
    for (let i = 0; i < count; i++) made.push(this.#rule());
    for (const [relation, arity] of this.#derived) {
      if (this.#dice.chance(35)) made.push(this.#persistence(relation, arity));
      if (this.#dice.chance(10)) made.push(this.#persistence(relation, arity));
    }
    return withIds(made);
  }

  /** From what arrives, so that there is something to derive from. */
  #source(relation: RelationName, arity: number): Omit<Rule, "id"> {
    const body: Literal[] = [];
    for (const [from, columns] of [this.#dice.pick(ARRIVING), this.#dice.pick(ARRIVING)]) {
      const terms = VARIABLES.slice(body.length, body.length + columns).map(variable);
      if (body.length === 0 || this.#dice.chance(25)) body.push(literal(from, terms));
    }
    const terms = Array.from({ length: arity }, () => this.#bound(body));
    const kind = this.#dice.chance(70) ? "now" : "next";
    return { head: { relation, terms, timing: { kind } }, body };
  }

  #rule(): Omit<Rule, "id"> {
    const roll = this.#dice.below(100);
    if (roll < 20) return this.#next();
    if (roll < 40) return this.#send();
    return this.#now();
  }

  #now(): Omit<Rule, "id"> {
    const [relation, arity] = this.#dice.pick(this.#derived);
    const level = this.#level.get(relation)!;
    const aggregates = arity > 0 && this.#dice.chance(30);
    const choices = this.#vocabulary.choices === true && this.#dice.chance(12);
    const plain = this.#body(aggregates || choices ? level - 1 : level, level - 1);
    const body = choices ? this.#choosing(plain, aggregates) : plain;
    const isRecursive = body.some(
      (l) => l.kind === "relation" && this.#level.get(l.relation) === level,
    );
    const terms = this.#head(arity, body, aggregates, !isRecursive);
    return { head: { relation, terms, timing: { kind: "now" } }, body };
  }

  #next(): Omit<Rule, "id"> {
    const [relation, arity] = this.#dice.pick(this.#derived);
    const aggregates = arity > 0 && this.#dice.chance(15);
    const body = this.#perhapsChoosing(this.#body(9, 9), aggregates);
    const terms = this.#head(arity, body, aggregates, true);
    return { head: { relation, terms, timing: { kind: "next" } }, body };
  }

  #send(): Omit<Rule, "id"> {
    const aggregates = this.#dice.chance(15);
    const body = [...this.#perhapsChoosing(this.#body(9, 9), aggregates)];
    const relation = this.#dice.pick(["o1", "o2", "m"]);
    let destination: Term = { kind: "constant", value: address(this.#dice.pick(["a", "me"])) };
    if (this.#dice.chance(40)) {
      body.push(literal(this.#dice.chance(80) ? "peer" : "self", [variable("d")]));
      destination = variable("d");
    } else if (this.#dice.chance(3)) destination = this.#bound(body);
    const terms = this.#head(relation === "o1" ? 1 : 2, body, aggregates, true);
    return { head: { relation, terms, timing: { kind: "async", destination } }, body };
  }

  #perhapsChoosing(body: readonly Literal[], aggregates: boolean): readonly Literal[] {
    const chooses = this.#vocabulary.choices === true && this.#dice.chance(12);
    return chooses ? this.#choosing(body, aggregates) : body;
  }

  /** Some of the rows only, or with their numbers, of which further literals may be about. */
  #choosing(body: readonly Literal[], aggregates: boolean): readonly Literal[] {
    const more: Literal[] = [];
    const tuple = (least: number): Term => ({
      kind: "tuple",
      terms: Array.from({ length: least + this.#dice.below(2) }, () =>
        this.#dice.chance(85) ? this.#bound(body) : this.#arithmetic(body),
      ),
    });
    if (this.#dice.chance(60)) more.push(literal("choose", [tuple(0), tuple(1)]));
    if (this.#dice.chance(15)) more.push(literal("choose", [tuple(1), tuple(1)]));
    if (more.length === 0 || this.#dice.chance(30)) {
      more.push(literal("index", [variable(NUMBER)]));
      if (!aggregates && this.#dice.chance(30)) {
        const right = constant(this.#dice.below(4));
        more.push({ kind: "comparison", operator: "<", left: variable(NUMBER), right });
      }
      if (!aggregates && this.#dice.chance(20))
        more.push(literal("s2", [NUMBER, "j"].map(variable)));
    }
    return this.#dice.chance(50) ? [...body, ...more] : [...more, ...body];
  }

  #persistence(relation: RelationName, arity: number): Omit<Rule, "id"> {
    const isPair = this.#vocabulary.lookups === true && arity > 0 && this.#dice.chance(40);
    const pair: Term = { kind: "tuple", terms: ["w", "h"].map(variable) };
    const terms = VARIABLES.slice(0, arity).map((v, i) => (i === 0 && isPair ? pair : variable(v)));
    const body: Literal[] = [literal(relation, terms)];
    if (this.#dice.chance(60)) body.push(this.#negated(body, 9));
    if (this.#vocabulary.lookups === true && this.#dice.chance(40))
      body.push(this.#positive(9, body), ...this.#lookups(body, true));
    if (this.#dice.chance(15)) body.push(...this.#body(9, 9));
    if (this.#dice.chance(50)) body.reverse();
    return { head: { relation, terms, timing: { kind: "next" } }, body };
  }

  #body(positiveLevel: number, negatedLevel: number): readonly Literal[] {
    const body: Literal[] = [];
    const size = this.#dice.chance(3) ? 0 : this.#dice.pick([1, 1, 1, 2, 2, 2, 3]);
    let level = positiveLevel;
    for (let i = 0; i < size; i++) {
      const found = this.#positive(level, body);
      body.push(found);
      if (this.#vocabulary.linear && this.#level.get(found.relation) === level) level--;
    }
    // Else there might be no end to what a tick derives.
    const mayGrow =
      positiveLevel > 2 ||
      !body.some((l) => l.kind === "relation" && this.#level.get(l.relation) === positiveLevel);
    if (this.#dice.chance(12)) body.push(this.#computed(body, mayGrow));
    if (this.#dice.chance(12)) body.push(...this.#function(body, mayGrow));
    if (this.#dice.chance(25)) body.push(this.#negated(body, negatedLevel));
    if (this.#dice.chance(15)) body.push(this.#comparison(body));
    if (this.#vocabulary.lookups === true) body.push(...this.#lookups(body, mayGrow));
    if (this.#dice.chance(30)) body.reverse();
    return body;
  }

  #lookups(body: readonly Literal[], mayGrow: boolean): readonly Literal[] {
    const found: Literal[] = [];
    if (this.#dice.chance(50)) found.push(this.#equality(body));
    if (this.#dice.chance(40)) {
      const variable = this.#dice.pick(["q", "q", "v", "x"]);
      const value = mayGrow ? this.#division(body) : this.#arithmetic(body);
      found.push({ kind: "assignment", variable, value });
    }
    if (this.#dice.chance(25)) {
      const operator = this.#dice.pick(["==", "!=", "<", ">="] as const);
      const [left, right] = [this.#division(body), this.#bound(body)];
      found.push({ kind: "comparison", operator, left, right });
    }
    if (this.#dice.chance(60)) {
      const operator = this.#dice.pick([">", "!="] as const);
      found.push({ kind: "comparison", operator, left: this.#bound(body), right: constant(0) });
    }
    return found;
  }

  #equality(body: readonly Literal[]): Literal {
    const sides = [this.#bound(body), this.#equal(body)] as const;
    const [left, right] = this.#dice.chance(50) ? sides : sides.toReversed();
    return { kind: "comparison", operator: "==", left: left!, right: right! };
  }

  #equal(body: readonly Literal[]): Term {
    const roll = this.#dice.below(10);
    if (roll < 5) return this.#bound(body);
    if (roll < 6) return this.#constant(3);
    if (roll < 7) return this.#tuple(() => this.#bound(body));
    const operator = this.#dice.pick(["+", "-"] as const);
    return { kind: "arithmetic", operator, left: this.#bound(body), right: constant(1) };
  }

  /** By what is often zero. */
  #division(body: readonly Literal[]): Term {
    const operator = this.#dice.pick(["/", "%"] as const);
    return { kind: "arithmetic", operator, left: constant(6), right: this.#bound(body) };
  }

  #comparison(body: readonly Literal[]): Literal {
    const operator = this.#dice.pick(["==", "!=", "<", "<=", ">", ">="] as const);
    const anyNumber = this.#vocabulary.functions && this.#dice.chance(10);
    const left = this.#dice.chance(15)
      ? this.#arithmetic(body)
      : anyNumber
        ? this.#calculation(body)
        : this.#bound(body);
    const right = this.#dice.chance(50) ? this.#bound(body) : this.#constant(4);
    return { kind: "comparison", operator, left, right };
  }

  #positive(level: number, body: readonly Literal[]): RelationLiteral {
    const [relation, arity] = this.#relation(level);
    return literal(
      relation,
      Array.from({ length: arity }, () =>
        this.#vocabulary.functions && this.#dice.chance(3)
          ? this.#arithmetic(body)
          : this.#pattern(),
      ),
    );
  }

  #relation(level: number): readonly [RelationName, number] {
    const roll = this.#dice.below(100);
    if (roll < 25) return this.#dice.pick(ARRIVING);
    if (roll < 37) {
      const keyed = this.#vocabulary.functions && this.#dice.chance(20);
      return this.#dice.pick(keyed ? KEYED : CONSTANT);
    }
    if (roll < 40) return [this.#dice.chance(80) ? "tick" : "self", 1];
    const allowed = this.#derived.filter(([r]) => this.#level.get(r)! <= level);
    return allowed.length === 0 ? this.#dice.pick(ARRIVING) : this.#dice.pick(allowed);
  }

  #pattern(): Term {
    const roll = this.#dice.below(100);
    if (this.#vocabulary.lookups === true && this.#dice.chance(20)) {
      return this.#tuple(() => this.#pattern());
    }
    if (roll < 76) return variable(this.#dice.pick(VARIABLES));
    if (roll < 86) return { kind: "wildcard" };
    if (roll < 95) return this.#constant(3);
    return this.#tuple(() => this.#pattern());
  }

  /** Where there are no tuples, one of its parts instead. */
  #tuple(part: () => Term): Term {
    const { tuples } = this.#vocabulary;
    if (tuples === "none") return part();
    const size = tuples === "pairs" || this.#dice.chance(75) ? 2 : this.#dice.pick([0, 1, 3]);
    return { kind: "tuple", terms: Array.from({ length: size }, part) };
  }

  #function(body: readonly Literal[], mayGrow: boolean): readonly RelationLiteral[] {
    const input = (): Term =>
      this.#vocabulary.functions && this.#dice.chance(10)
        ? this.#arithmetic(body)
        : this.#bound(body);
    const output = (): Term =>
      this.#dice.chance(10) ? { kind: "wildcard" } : variable(this.#dice.pick(["h", "h", "x"]));
    if (this.#dice.chance(30)) {
      const negated = this.#dice.chance(60);
      if (this.#dice.chance(50)) return [{ ...literal("even", [input()]), negated }];
      return [{ ...literal("half", [input(), { kind: "wildcard" }]), negated }];
    }
    if (!this.#vocabulary.functions || this.#dice.chance(20)) {
      return [literal("half", [input(), output()])];
    }
    if (this.#dice.chance(15)) return [literal("split", [input(), output(), variable("v")])];
    return functionLiterals(this.#dice, { input, output, mayGrow });
  }

  #negated(body: readonly Literal[], level: number): RelationLiteral {
    const [relation, arity] = this.#relation(level);
    const terms = Array.from({ length: arity }, (): Term => {
      const roll = this.#dice.below(100);
      if (roll < 20) return { kind: "wildcard" };
      if (roll < 27) return this.#arithmetic(body);
      if (roll < 31) {
        return this.#tuple(() =>
          this.#dice.chance(50) ? this.#bound(body) : { kind: "wildcard" },
        );
      }
      return this.#bound(body);
    });
    return { ...literal(relation, terms), negated: true };
  }

  #computed(body: readonly Literal[], mayGrow: boolean): Literal {
    const name = this.#dice.pick(["v", "v", "y"]);
    return { kind: "assignment", variable: name, value: this.#assigned(body, mayGrow) };
  }

  #assigned(body: readonly Literal[], mayGrow: boolean): Term {
    if (this.#dice.chance(85)) return this.#arithmetic(body);
    return this.#vocabulary.functions && mayGrow && this.#dice.chance(30)
      ? { kind: "tuple", terms: [this.#bound(body)] }
      : this.#bound(body);
  }

  /** Mostly kept within a few numbers, so that recursion ends and joins meet. */
  #arithmetic(body: readonly Literal[]): Term {
    const left = this.#calculation(body);
    return { kind: "arithmetic", operator: "%", left, right: constant(4) };
  }

  #calculation(body: readonly Literal[]): Arithmetic {
    const nested = this.#vocabulary.functions && this.#dice.chance(10);
    return {
      kind: "arithmetic",
      operator: this.#dice.pick(["+", "+", "+", "-", "*", "/", "%"] as const),
      left: nested ? this.#calculation(body) : this.#bound(body),
      right: this.#dice.chance(60) ? constant(1 + this.#dice.below(3)) : this.#bound(body),
    };
  }

  #head(
    arity: number,
    body: readonly Literal[],
    aggregates: boolean,
    mayGrow: boolean,
  ): readonly HeadTerm[] {
    const at = aggregates ? this.#dice.below(arity) : -1;
    const isNumbered = body.some((l) => l.kind === "relation" && l.relation === "index");
    return Array.from({ length: arity }, (_, i): HeadTerm => {
      if (isNumbered && i !== at && this.#dice.chance(50)) return variable(NUMBER);
      if (i === at || (aggregates && this.#dice.chance(15))) {
        const found = this.#aggregate(body);
        if (found !== undefined) return found;
      }
      if (this.#dice.chance(10)) return this.#arithmetic(body);
      if (mayGrow && this.#dice.chance(this.#vocabulary.lookups === true ? 20 : 4))
        return this.#tuple(() => this.#bound(body));
      return this.#bound(body);
    });
  }

  #aggregate(body: readonly Literal[]): Aggregate | undefined {
    const names = bindable(body);
    if (names.length === 0) return undefined;
    const operator = this.#dice.pick(this.#vocabulary.aggregates);
    const over = [this.#dice.pick(names)];
    const several = operator === "count" || this.#vocabulary.tuples !== "none";
    if (several && this.#dice.chance(15)) over.push(this.#dice.pick(names));
    return { kind: "aggregate", operator, over };
  }

  #bound(body: readonly Literal[]): Term {
    const names = bindable(body);
    return names.length === 0 || this.#dice.chance(8)
      ? this.#constant(3)
      : variable(this.#dice.pick(names));
  }

  #constant(below: number): Term {
    return constant(
      this.#dice.chance(95) ? this.#dice.below(below) : this.#dice.pick(this.#vocabulary.values),
    );
  }
}

/** Variables that the body binds. */
function bindable(body: readonly Literal[]): readonly string[] {
  const inTerm = (term: Term): readonly string[] =>
    term.kind === "variable"
      ? [term.name]
      : term.kind === "tuple"
        ? term.terms.flatMap(inTerm)
        : [];
  const inLiteral = (l: Literal): readonly string[] =>
    l.kind === "assignment"
      ? [l.variable]
      : l.kind === "relation" && !l.negated && l.relation !== "index"
        ? l.terms.flatMap(inTerm)
        : [];
  return [...new Set(body.flatMap(inLiteral))].filter((v) => v !== NUMBER);
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
