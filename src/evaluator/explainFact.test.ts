import * as fc from "fast-check";
import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { isNumbering } from "../analysis/choosing.ts";
import { printLiteral } from "../program/printCompact.ts";
import type { RelationName, Timing } from "../program/program.ts";
import { compareRows, rowKey, valueKey, type Row } from "../program/value.ts";
import { read } from "../syntax/read.ts";
import { EvaluationError, factText } from "./evaluationError.ts";
import { explainFact, tickDatabase } from "./explainFact.ts";
import type { Fact, FactDerivation, NodeEnvironment, Send } from "./nodeEngine.ts";
import { indexedDatabase } from "./indexedDatabase.ts";
import { orderedValuations } from "./orderedValuations.ts";
import { DERIVED, ENVIRONMENT, LOOKUPS, programOf, randomCase } from "./randomComponent.testing.ts";
import { INITIAL_STATE, referenceTick, type NodeState, type ReferenceTick } from "./reference.ts";
import { valuations } from "./valuations.ts";

interface Explained {
  readonly timing: Timing["kind"];
  readonly fact: Fact | Send;
  /** The tick whose facts the rules read. */
  readonly tick: number;
  /** Those facts, constants among them. */
  readonly facts: ReferenceTick["facts"];
  readonly derivations: readonly FactDerivation[];
}

/** How long the rows of a tick may be together: some components square in every tick how many there are. */
const MOST = 10_000;

/** Every fact that a random component derives in any tick, with its derivations, until it errs or holds much. */
function explained(p: AnalyzedProgram, schedule: readonly (readonly Fact[])[]): Explained[] {
  const step = referenceTick(p, "c", ENVIRONMENT);
  const found: Explained[] = [];
  let state: NodeState = INITIAL_STATE;
  for (const arrived of schedule) {
    let now: ReferenceTick;
    try {
      now = step(state, arrived);
    } catch (error) {
      if (error instanceof EvaluationError) return found;
      throw error;
    }
    const rows = [now.facts, now.state.carried].flatMap(factsOf).map(({ row }) => rowKey(row));
    if (rows.join("").length > MOST) return found;
    const tick = now.state.tick;
    const database = tickDatabase(ENVIRONMENT, tick, withoutConstants(now.facts));
    const explain = (timing: Timing["kind"], fact: Fact | Send): void => {
      const derivations = explainFact(p, "c", timing, fact, database);
      found.push({ timing, fact, tick, facts: now.facts, derivations });
    };
    for (const fact of factsOf(now.facts)) explain("now", fact);
    for (const fact of factsOf(now.state.carried)) explain("next", fact);
    for (const send of now.sends) explain("async", send);
    state = now.state;
  }
  return found;
}

function withoutConstants(facts: ReferenceTick["facts"]): ReferenceTick["facts"] {
  return new Map([...facts].filter(([r]) => !ENVIRONMENT.edb.has(r) && !isBuiltin(r)));
}

function isBuiltin(relation: RelationName): boolean {
  return relation === "self" || relation === "tick";
}

function factsOf(facts: ReadonlyMap<RelationName, readonly Row[]>): readonly Fact[] {
  return [...facts].flatMap(([relation, rows]) => rows.map((row) => ({ relation, row })));
}

/** What the reference makes of the rule alone over nothing but the derivation's facts and those of what it negates. */
function derivedAgain(
  p: AnalyzedProgram,
  { timing, tick, facts }: Explained,
  { rule, members }: FactDerivation,
): readonly (Fact | Send)[] {
  const own = p.rules.get(rule)!.rule;
  const alone = analyze(programOf([own]));
  const nothing: NodeEnvironment = { ...ENVIRONMENT, edb: new Map() };
  const negated = own.body.flatMap((l) => (l.kind === "relation" && l.negated ? l.relation : []));
  const read = [
    ...members.flatMap((m) => m.facts),
    ...negated.flatMap((r) => (facts.get(r) ?? []).map((row) => ({ relation: r, row }))),
  ].filter((f) => !isBuiltin(f.relation));
  const done = referenceTick(alone, "c", nothing)({ tick: tick - 1, carried: new Map() }, read);
  if (timing === "async") return done.sends;
  return factsOf(timing === "next" ? done.state.carried : done.facts);
}

test("random components: every derivation, evaluated again by the reference, derives its fact", () => {
  let derivations = 0;
  const property = fc.property(fc.nat(), (seed) => {
    const { rules, schedule } = randomCase(seed);
    const p = analyze(programOf(rules));
    if (p.faults.some((f) => f.severity === "error" && f.code !== "type-conflict")) return;
    for (const one of explained(p, schedule)) {
      for (const derivation of one.derivations) {
        // A row's number says how many others there are.
        if (p.rules.get(derivation.rule)!.rule.body.some((l) => isNumbering(p, l))) continue;
        derivations++;
        const again = derivedAgain(p, one, derivation);
        const same = (f: Fact | Send): boolean =>
          f.relation === one.fact.relation &&
          compareRows(f.row, one.fact.row) === 0 &&
          (!("to" in one.fact) || ("to" in f && f.to === one.fact.to));
        expect(again.some(same), `${factText(one.fact)} by ${derivation.rule}`).toBe(true);
      }
    }
  });
  // The first seed: a rule that collects what a negated literal leaves.
  fc.assert(property, { numRuns: 150, examples: [[162068723]] });
  expect(derivations).toBeGreaterThan(1_000);
});

test("random components: what a rule derives is never without a derivation", () => {
  const property = fc.property(fc.nat(), (seed) => {
    const { rules, schedule } = randomCase(seed);
    const p = analyze(programOf(rules));
    if (p.faults.some((f) => f.severity === "error" && f.code !== "type-conflict")) return;
    for (const { timing, fact, derivations } of explained(p, schedule)) {
      if (timing === "now") continue;
      expect(derivations.length, factText(fact)).toBeGreaterThan(0);
    }
  });
  fc.assert(property, { numRuns: 150 });
});

const voting = analyzedText(`component c {
  votes(s, id) :- vote(s, id)
  votes(s, id)@next :- votes(s, id), !committed(id)
  numVotes(count<s>, id) :- votes(s, id)
  committed(id) :- numVotes(n, id), n >= 2, !ban(id, _)
  reply(id + 1)@async(c) :- committed(id), client(c)
}`);

function analyzedText(text: string): AnalyzedProgram {
  const { program, diagnostics } = read(text);
  expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  return analyze(program);
}

function explainIn(
  timing: Timing["kind"],
  fact: Fact | Send,
  held: readonly Fact[],
): readonly string[] {
  const rows = new Map<RelationName, Row[]>();
  for (const { relation, row } of held) rows.set(relation, [...(rows.get(relation) ?? []), row]);
  const found = explainFact(voting, "c", timing, fact, tickDatabase(ENVIRONMENT, 7, rows));
  return found.map(({ rule, members }) => {
    const shown = members.map((m) =>
      [
        ...m.facts.map(factText),
        ...m.absent.map(printLiteral),
        ...m.conditions.map(printLiteral),
      ].join(" "),
    );
    return `${rule}: ${shown.join(" + ")}`;
  });
}

const held: readonly Fact[] = [
  { relation: "votes", row: ["a", 3] },
  { relation: "votes", row: ["b", 3] },
  { relation: "votes", row: ["a", 4] },
  { relation: "numVotes", row: [2, 3] },
  { relation: "committed", row: [3] },
  { relation: "client", row: [{ kind: "address", name: "k" }] },
];

test("absent literals and comparisons are shown with their values", () => {
  expect(explainIn("now", { relation: "committed", row: [3] }, held)).toEqual([
    "c/committed/1: numVotes(2, 3) !ban(3, _) 2 >= 2",
  ]);
  expect(explainIn("next", { relation: "votes", row: ["a", 4] }, held)).toEqual([
    'c/votes/2: votes("a", 4) !committed(4)',
  ]);
});

test("an aggregate is explained by the whole group that was counted, and by no other", () => {
  expect(explainIn("now", { relation: "numVotes", row: [2, 3] }, held)).toEqual([
    'c/numVotes/1: votes("a", 3) + votes("b", 3)',
  ]);
  expect(explainIn("now", { relation: "numVotes", row: [1, 3] }, held)).toEqual([]);
});

test("a send is explained by its destination too, and an expression in a head by its value", () => {
  const reply = { relation: "reply", row: [4], to: "k" };
  expect(explainIn("async", reply, held)).toEqual(['c/reply/1: committed(3) client(addr("k"))']);
  expect(explainIn("async", { ...reply, to: "other" }, held)).toEqual([]);
  expect(explainIn("async", { ...reply, row: [5] }, held)).toEqual([]);
});

/** Rules whose literals are not in the order in which rows are best found, and what to explain. */
const FAR: readonly (readonly [rule: string, row: Row])[] = [
  ["r(k) :- a(x), b(x, 7), e(k, x)", [0]],
  ["r(k) :- a(x), b(y, 8), d(k, y), x == y", [1]],
  ["r(k) :- a(x), a(y), y == x + 1, d(k, x)", [1]],
  ["r(k) :- a(x), a(y), d(k, z), z := x, y := z", [1]],
  ["r(x) :- a(y), b(z, _), d(x, w), w == y, w == z, !b(_, w)", [1]],
  ["r(x, y) :- a(v), d(x, z), b(z, y), x > 0, v == z", [1, 8]],
];

test.each(FAR)(
  "a fact is explained without a look at every row for every other one: %s",
  (rule, row) => {
    const { program } = read(`component c { ${rule} }`);
    const p = analyze(program);
    const seen = (rows: number): number => {
      let count = 0;
      const numbers = Array.from({ length: rows }, (_, i) => i);
      const held = new Map<RelationName, readonly Row[]>([
        ["a", numbers.map((i) => [i])],
        ["b", numbers.map((i) => [i, 7 + (i % 2)])],
        ["d", numbers.map((i) => [i, i])],
        ["e", numbers.map((i) => [i % 2, i])],
      ]);
      const counted = function* (relation: RelationName): Iterable<Row> {
        for (const found of held.get(relation) ?? []) {
          count++;
          yield found;
        }
      };
      const database = { ...tickDatabase(ENVIRONMENT, 1, held), rows: counted };
      const found = explainFact(p, "c", "now", { relation: "r", row }, database);
      expect(found.length).toBe(rule.includes("e(k, x)") ? rows / 2 : 1);
      return count;
    };
    expect(seen(80) / seen(20)).toBeLessThan(5);
  },
);

test("random components: valuations found in the order of plans are those of the text's order", () => {
  let several = 0;
  const property = fc.property(fc.nat(), (seed) => {
    const { rules, schedule } = randomCase(seed, LOOKUPS);
    const p = analyze(programOf(rules));
    if (p.faults.some((f) => f.severity === "error" && f.code !== "type-conflict")) return;
    const facts = schedule.flat();
    const held = new Map<RelationName, Row[]>();
    for (const { relation, row } of facts) held.set(relation, [...(held.get(relation) ?? []), row]);
    for (const [relation, arity] of DERIVED) {
      const rows = (held.get("m") ?? []).map((row) => [...row, 0].slice(0, arity));
      held.set(relation, [...new Map(rows.map((row) => [rowKey(row), row])).values()]);
    }
    const database = tickDatabase(ENVIRONMENT, 3, held);
    for (const { rule } of p.rules.values()) {
      const [text, plans] = [valuations, orderedValuations].map((find) => {
        try {
          return find(p, rule, indexedDatabase(database))
            .map(({ facts: of, values }) => [
              of.map(factText).join(),
              [...values].map(([v, value]) => `${v}=${valueKey(value)}`).sort(),
            ])
            .map((found) => found.join(" "))
            .toSorted();
        } catch (error) {
          if (error instanceof EvaluationError) return "error";
          throw error;
        }
      });
      expect(plans, `seed ${seed} ${rule.id}`).toEqual(text);
      if (Array.isArray(text) && text.length > 1) several++;
    }
  });
  fc.assert(property, { numRuns: 60 });
  expect(several).toBeGreaterThan(50);
});
