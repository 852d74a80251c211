import type { Fact } from "../../src/evaluator/nodeEngine.ts";
import type { Value } from "../../src/program/value.ts";
import { quantile, type Figure } from "../report.ts";
import { runnable, timed } from "./contest.ts";

const HELD = [1_000, 100_000] as const;
const TICKS = 500;
const SAMPLES = 10;
const RUNS = 5;
/** From one row to a distant one. */
const STEP = 7_919;
const GOAL = 3;

interface Lookup {
  readonly what: string;
  readonly rules: string;
  /** The n-th row that is held. */
  readonly held: (n: number) => readonly Value[];
}

const KEPT = "h(i, y)@next :- h(i, y)\n  h(i, y)@next :- put(i, y)\n ";

const LOOKUPS: readonly Lookup[] = [
  {
    what: "by an equality, y == x + 1",
    rules: `${KEPT} r(i)@async(addr("c")) :- ask(x), h(i, y), y == x + 1, i < 0`,
    held: (n) => [n, n],
  },
  {
    what: "by a part of a tuple, (x, _)",
    rules: `${KEPT} r(i)@async(addr("c")) :- ask(x), h(i, (x, _)), i < 0`,
    held: (n) => [n, [n, 0]],
  },
  {
    what: "by what is computed of it, x == y * 2 + 1",
    rules: `${KEPT} r(i)@async(addr("c")) :- ask(x), h(i, y), x == y * 2 + 1, i < 0`,
    held: (n) => [n, n],
  },
  {
    what: "of which nothing is read, h(_, _)",
    rules: `${KEPT} r(x)@async(addr("c")) :- ask(x), h(_, _)`,
    held: (n) => [n, n],
  },
  {
    what: "for what fails and is excluded",
    rules: `${KEPT} r(i)@async(addr("c")) :- ask(x), q := 100 / (x - x), q != 7, h(x, y), h(y, i), i < 0`,
    held: (n) => [n, n],
  },
];

/** What a tick costs in which held rows are looked up by what a rule says of them, with few and with many held. */
export function lookups(): readonly Figure[] {
  return LOOKUPS.map((lookup): Figure => {
    const samples = HELD.map((): number[] => []);
    // The first run is for the compiler.
    for (let i = -1; i < RUNS; i++) {
      const run = HELD.map((held) => cost(lookup, held));
      if (i >= 0) run.forEach((c, k) => samples[k]!.push(c));
    }
    const [few, many] = samples.map((s) => quantile(s, 0.5));
    const ratio = many! / few!;
    return {
      what: `a row ${lookup.what}, ${HELD[1].toLocaleString("en")} held`,
      value: 1e9 * many!,
      unit: "ns",
      peer: `${HELD[0].toLocaleString("en")} held`,
      peerValue: 1e9 * few!,
      ratio,
      goal: `<= ${GOAL}x`,
      met: ratio <= GOAL,
    };
  });
}

function cost({ rules, held }: Lookup, size: number): number {
  const node = runnable(rules)();
  const rows = Array.from({ length: size }, (_, n): Fact => ({ relation: "put", row: held(n) }));
  node.tick(rows);
  node.tick([]);
  node.tick([]);
  const ask = (n: number): Fact => ({ relation: "ask", row: [(n * STEP) % size] });
  // The median leaves out the collection of what building up left behind.
  const samples = Array.from({ length: SAMPLES }, (_, k) =>
    timed(() => {
      for (let n = 0; n < TICKS; n++) node.tick([ask(k * TICKS + n)]);
    }),
  );
  return quantile(samples, 0.5) / TICKS;
}
