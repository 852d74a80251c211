// Bounded exploration, by what it costs in CPU time: the states of the rewritten program alone, and whole checks, the
// closure of the original's state sets included. The rates are medians. `--only=N` runs the N-th pair.
import { parseArgs } from "node:util";
import type { Send } from "../src/evaluator/nodeEngine.ts";
import { nobleCrypto } from "../src/evaluator/nobleCrypto.ts";
import { standardFunctions } from "../src/evaluator/standardFunctions.ts";
import { Exploration } from "../src/verifier/exploration.ts";
import { interned } from "../src/verifier/interned.ts";
import { IntLists } from "../src/verifier/intLists.ts";
import { machine, sendText } from "../src/verifier/machine.ts";
import { Observer } from "../src/verifier/observer.ts";
import { Places } from "../src/verifier/places.ts";
import { refines } from "../src/verifier/refines.ts";
import { quantile, report } from "./report.ts";
import type { Figure } from "./report.ts";
import { pairs } from "./verifier/pairs.ts";
import type { Pair } from "./verifier/pairs.ts";

const RUNS = 3;
const GOAL = 50_000;
const told = { functions: standardFunctions(nobleCrypto), crypto: nobleCrypto };

const { values } = parseArgs({
  options: { only: { type: "string" }, json: { type: "boolean" } },
});
const chosen = pairs().filter((_, i) => values.only === undefined || Number(values.only) === i);
report("verifier", 0, chosen.flatMap(figuresOf));

function figuresOf(pair: Pair): readonly Figure[] {
  const explorations = Array.from({ length: RUNS }, () => timed(() => alone(pair)));
  const checks = Array.from({ length: RUNS }, () => timed(() => whole(pair)));
  const rate = median(explorations);
  return [
    {
      what: `${pair.name}: ${explorations[0]!.states} states alone`,
      value: rate,
      unit: "/s",
      goal: `≥ ${GOAL}`,
      met: rate >= GOAL,
    },
    { what: `  the whole check, ${checks[0]!.states} pairs`, value: median(checks), unit: "/s" },
  ];
}

interface Timed {
  readonly states: number;
  readonly seconds: number;
}

function timed(explore: () => number): Timed {
  const before = process.cpuUsage();
  const states = explore();
  const { user, system } = process.cpuUsage(before);
  return { states, seconds: (user + system) / 1e6 };
}

function median(runs: readonly Timed[]): number {
  return quantile(
    runs.map(({ states, seconds }) => states / seconds),
    0.5,
  );
}

/** Every state of the rewritten program under every schedule; nothing to compare with, so no schedule is left out. */
function alone({ name, rewritten, options, moreInputs }: Pair): number {
  const { environment = [] } = options;
  const inputs = moreInputs ?? options.inputs;
  const lists = new IntLists();
  const after = machine(rewritten, {
    ...told,
    inputs,
    environment,
    outputs: interned<Send>(sendText),
  });
  const { together } = options.bound;
  const exploration = new Exploration({
    places: new Places(after, lists, { together, duplicates: false }),
    original: { initial: 0, after: () => 0, mayRest: () => true },
    observer: new Observer(lists, 1),
    groups: after.nodes.map((_, node) => [node]),
    kinds: inputs.map((_, i) => i),
    limit: options.bound.states,
    reduced: false,
  });
  while (exploration.advance(100_000) === "running");
  if (!exploration.isWhole) throw new Error(`${name}: more than ${exploration.size} states`);
  return exploration.size;
}

function whole({ name, original, rewritten, options }: Pair): number {
  const found = refines(original, rewritten, {
    ...told,
    ...options,
    clocks: "free",
    observer: "first",
  });
  if (found.kind !== "refines") throw new Error(`${name}: ${JSON.stringify(found)}`);
  return found.explored;
}
