import type {
  AggregateOperator,
  HeadTerm,
  Literal,
  RelationName,
  Rule,
  Term,
  Timing,
} from "../program/program.ts";
import { address, type Value } from "../program/value.ts";
import type { Fact } from "./nodeEngine.ts";
import { Dice } from "./dice.testing.ts";
import { withIds, type EvaluatorCase } from "./randomComponent.testing.ts";

/** Rows with which a table gives space back when most of them go; some more, so that it is far above. */
const MANY = 4_200;

type Unnumbered = Omit<Rule, "id">;

/**
 * A component that holds thousands of facts, has nearly all of them withdrawn, and goes on: tables grow, give space back
 * and grow again, while rules count, join, send and derive from them. Every rule reads one large relation at most, so
 * that the naive reference keeps up.
 */
export function randomBulk(seed: number): EvaluatorCase {
  const dice = new Dice(seed);
  return {
    rules: withIds(rules(dice)),
    schedule: schedule(dice),
    lazy: dice.chance(50),
    bulk: true,
  };
}

/** `p1` holds what `e2` brings, (group, value), until its group is named by `m` or all is to go. */
function rules(dice: Dice): readonly Unnumbered[] {
  const conditions = [
    not("m", x, wildcard),
    ...(dice.chance(50) ? [not("e0")] : []),
    ...(dice.chance(15) ? [literal("s1", x)] : []),
  ];
  const keep = [literal("p1", x, y), ...conditions];
  const readers = [...READERS];
  const chosen = Array.from({ length: 2 + dice.below(4) }, () => {
    const [found] = readers.splice(dice.below(readers.length), 1);
    return found!(dice);
  });
  return [
    rule("p1", [x, y], dice.chance(50) ? now : next, literal("e2", x, y)),
    rule("p1", [x, y], next, ...(dice.chance(50) ? keep : keep.toReversed())),
    ...chosen.flat(),
  ];
}

const x: Term = { kind: "variable", name: "x" };
const y: Term = { kind: "variable", name: "y" };
const z: Term = { kind: "variable", name: "z" };
const d: Term = { kind: "variable", name: "d" };
const wildcard: Term = { kind: "wildcard" };
const pair: Term = { kind: "tuple", terms: [x, y] };
const now: Timing = { kind: "now" };
const next: Timing = { kind: "next" };
const toA: Timing = {
  kind: "async",
  destination: { kind: "constant", value: address("a") },
};

/** What is made of `p1`, which grows and shrinks with it, and what looks something up in it. */
const READERS: readonly ((dice: Dice) => readonly Unnumbered[])[] = [
  () => [rule("p2", [y, x], now, literal("p1", x, y))],
  () => [rule("p6", [x, y, pair], now, literal("p1", x, y))],
  (dice) => [rule("p4", [x, aggregate(dice, "y")], now, literal("p1", x, y))],
  (dice) => [rule("p4", [y, aggregate(dice, "x")], dice.pick([now, next]), literal("p1", x, y))],
  () => [rule("p5", [], now, literal("p1", wildcard, wildcard))],
  (dice) => [
    rule("p0", [dice.pick([x, y])], now, literal("p1", x, y), literal("e1", dice.pick([x, y]))),
  ],
  (dice) => [
    ...asked(dice),
    rule("p6", [x, y, x], now, literal("p3", dice.pick([x, y])), literal("p1", x, y)),
  ],
  (dice) => [
    ...asked(dice),
    rule("o1", [y], toA, literal("p1", x, y), not("p3", dice.pick([x, y]))),
  ],
  (dice) => {
    const absent = dice.chance(50) ? not("p1", x, wildcard) : not("p1", wildcard, x);
    return [rule("o1", [x], toA, literal("e1", x), absent)];
  },
  () => [
    rule("o2", [x, y], { kind: "async", destination: d }, literal("p1", x, y), literal("peer", d)),
  ],
  () => [
    rule("p0", [y], now, literal("p1", x, y)),
    rule("p0", [z], now, literal("p0", y), literal("s2", y, z)),
  ],
  // Passing: large for one tick.
  (dice) => [rule("p2", [dice.pick([x, y]), y], now, literal("e2", x, y))],
  () => [
    rule(
      "p4",
      [x, { kind: "aggregate", operator: "count", over: ["y"] }],
      now,
      literal("e2", x, y),
    ),
  ],
];

function asked(dice: Dice): readonly Unnumbered[] {
  return [
    rule("p3", [x], next, literal("e1", x)),
    rule("p3", [x], next, literal("p3", x), ...(dice.chance(70) ? [not("e0")] : [])),
  ];
}

function aggregate(dice: Dice, over: string): HeadTerm {
  const operator = dice.pick<AggregateOperator>(["count", "min", "max", "min", "max", "collect"]);
  return { kind: "aggregate", operator, over: [over] };
}

/** Thousands of rows come; then all go but those of one group, or all; what is left is asked for, comes again and goes. */
function schedule(dice: Dice): readonly (readonly Fact[])[] {
  const groups = 5 + dice.below(5);
  const left = dice.below(groups);
  const of = dice.pick<(n: number) => Value>([
    (n) => n,
    (n) => n,
    (n) => 2 ** 40 + n,
    (n) => `n${n}`,
    (n) => [n % 7, `n${n}`],
    (n) => (n % 2 === 0 ? n : address(`n${n}`)),
  ]);
  let base = 0;
  const row = (n: number): Fact => ({ relation: "e2", row: [n % groups, of(n)] });
  const some = (): number => base + dice.below(50) * groups + (dice.chance(70) ? left : 0);
  const several = (most: number, fact: () => Fact): readonly Fact[] =>
    Array.from({ length: dice.below(most) }, fact);
  const ask = (): Fact => ({
    relation: "e1",
    row: [dice.chance(50) ? dice.below(groups) : of(some())],
  });
  const few = (): readonly Fact[] => [
    ...several(6, () => row(some())),
    ...several(4, ask),
    ...several(2, () => ({ relation: "m", row: [dice.below(groups), 0] })),
    ...(dice.chance(10) ? [{ relation: "e0", row: [] }] : []),
  ];
  const fill = (): readonly Fact[] => {
    // Again what was there, or all anew.
    if (dice.chance(50)) base += 10_000;
    return Array.from({ length: MANY + dice.below(1_000) }, (_, i) => row(base + i));
  };
  const withdraw = (): readonly Fact[] => {
    const stays = dice.chance(80) ? left : -1;
    const all = Array.from({ length: groups }, (_, group): Fact => ({
      relation: "m",
      row: [group, 0],
    }));
    return all.filter((_, group) => group !== stays);
  };
  const wave = (): readonly (readonly Fact[])[] => [
    fill(),
    ...(dice.chance(50) ? [few()] : []),
    [...withdraw(), ...(dice.chance(30) ? several(4, ask) : [])],
    ...Array.from({ length: 2 + dice.below(3) }, few),
  ];
  return [...wave(), ...(dice.chance(50) ? wave() : [])];
}

function rule(
  relation: RelationName,
  terms: readonly HeadTerm[],
  timing: Timing,
  ...body: readonly Literal[]
): Unnumbered {
  return { head: { relation, terms, timing }, body };
}

function literal(relation: RelationName, ...terms: readonly Term[]): Literal {
  return { kind: "relation", negated: false, relation, terms };
}

function not(relation: RelationName, ...terms: readonly Term[]): Literal {
  return { kind: "relation", negated: true, relation, terms };
}
