import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Deployment } from "../program/deployment.ts";
import { address } from "../program/value.ts";
import { applyStep } from "../rewrites/driver.ts";
import type { RewriteName, StepRequest } from "../rewrites/rewrite.ts";
import { FREE, originalOf, PARTITIONS } from "./allowedCases.testing.ts";
import type { Partition, Split } from "./allowedCases.testing.ts";
import { mutants, referee } from "./mutants.testing.ts";
import type { History, Noticed } from "./mutants.testing.ts";
import { movedRules, program } from "./programs.testing.ts";

/** Programs that differ in what they compute, and to which a rewrite adds the same rules. */
export interface Mechanism {
  readonly name: string;
  readonly histories: () => readonly History[];
  /** Guards that it is about, where the others are those of another mechanism here; all when absent. */
  readonly about?: RegExp;
  /** Mutants that nothing can notice, with the proof. */
  readonly equivalent?: readonly (readonly [RegExp, string])[];
}

interface Rewriting {
  readonly rewrite: RewriteName;
  /** Of component L; before a bar what stays. */
  readonly rules: string;
  readonly channels: string;
  readonly target?: object;
  readonly edb?: Deployment["edb"];
  /** Addresses of L; one when absent. */
  readonly nodes?: readonly string[];
  readonly inputs: readonly History["inputs"][];
}

/** One program, several lists of messages. */
function histories({
  rules,
  channels,
  edb = {},
  nodes = ["L"],
  inputs,
  ...how
}: Rewriting): readonly History[] {
  const all = channels.split(" ").map((channel) => [channel, "L"]);
  const original = program({
    nodes: { L: rules },
    channels: Object.fromEntries(all),
    deployment: { edb, instances: { L: nodes, K: ["K"] } },
  });
  const moved = rules.includes("|") ? { rules: movedRules("L", rules), name: "M" } : {};
  const target = { component: "L", ...moved, ...how.target };
  const step = applied(original, { rewrite: how.rewrite, target });
  return inputs.map((list) => ({ original, before: original, ...step, inputs: list }));
}

function applied(p: AnalyzedProgram, request: StepRequest) {
  const step = applyStep(p, request);
  if (step.kind !== "applied") throw new Error(JSON.stringify(step));
  return { program: step.program, origins: step.origins };
}

/** Mutants of any mechanism that nothing can notice, with the proof. */
export const EQUIVALENT: NonNullable<Mechanism["equivalent"]> = [
  [/ without boot$/, "boot() is true at every tick"],
  [/^expected_M.* without base_M$/, "all original nodes have the same numbers of partitions"],
];

/** What answers depend on: the last p and the last q, so that the order of batches shows. */
const LAST = `lp@next(x) <- p(x); lp@next(x) <- lp(x), !p(_); lq@next(x) <- q(x); lq@next(x) <- lq(x), !q(_);
  ap@async(c)(x) <- p(x); aq@async(c)(x) <- q(x);
  o@async(c)(x,y) <- w(x), lp(y); u@async(c)(x,y) <- w(x), lq(y); n@async(c)(x) <- w(x), !lp(_); m@async(c)(x) <- w(x), !lq(_)`;

const PARTIAL: Omit<Rewriting, "rules" | "inputs"> = {
  rewrite: "partitionPartially",
  channels: "p/1 q/1 w/1",
  target: { partitions: 2, replicated: ["p", "q", "lp", "lq"], keys: { w: [0] }, name: "proxy" },
};

/** Each input makes two facts, so that a part of a batch can be taken for the whole. */
const PAIR = "s(x) <- in(x); s(0) <- in(_)";
const KEEPS = "k(x) <- k2(x); k@next(x) <- k(x); p@async(c)(x) <- q(_), k(x)";
const BQB = [
  ["b", 1],
  ["q", 1],
  ["b", 2],
] as const;

const SENDER =
  "l(x) <- lg(x); l@next(x) <- l(x); al@async(c)(x) <- lg(x); ap@async(c)(u) <- p(_,u)";
const SENT = `${SENDER}; rows@async(d)(seal<x>,b) <- p(b,_), l(x), to(d)`;
const SHARED =
  "l(k,x) <- lg(k,x); l@next(k,x) <- l(k,x); al@async(c)(k,x) <- lg(k,x); rows@async(d)(seal<x>,b) <- p(b), l(k,x), to(d)";
const LOG_TARGET = {
  component: "L",
  partitions: 2,
  replicated: ["p"],
  keys: { lg: [0], l: [0] },
  name: "proxy",
};

/** L and a receiver R, which has `rows`; where L seals it is no program yet. */
function withReceiver(sender: string, receiver: string, channels: string): AnalyzedProgram {
  const all = channels.split(" ").map((channel) => [channel, "L"]);
  return program({
    nodes: { L: sender, R: receiver },
    channels: Object.fromEntries(all),
    deployment: { edb: { to: [[address("R")]] } },
    unfinished: true,
  });
}

function sealing(sender: string, channels: string, request: StepRequest) {
  const reading = "set(collect<x>,b) <- rows(x,b); got@async(c)(s,b) <- set(s,b)";
  const before = withReceiver(sender, reading, channels);
  return { before, ...applied(before, request) };
}

/** A key that a table gives. */
const H = { function: "h", of: [0] };

const EQUIVALENT_IN: Readonly<Record<number, typeof EQUIVALENT>> = {
  29: [
    [
      /^no k_sent.*k_sent/,
      "k is kept for good, so that the rule that reads k says the same at every later tick",
    ],
  ],
  138: [
    [
      /^q\(x\) :- d\(x\).* without part/,
      "q is read only beside a guard of its own, for keys that are owned",
    ],
  ],
};

function fromSplit(split: Split): Mechanism {
  const { number, rewrite, rules, first, inputs } = split;
  const target = { component: "L", rules: movedRules("L", rules), name: "M" };
  return {
    name: `case ${number}, ${rewrite}`,
    histories() {
      const original = originalOf(split);
      const before = first === undefined ? original : applied(original, first).program;
      return [{ original, before, ...applied(before, { rewrite, target }), inputs }];
    },
    equivalent: EQUIVALENT_IN[number] ?? [],
  };
}

function fromPartition(partition: Partition): Mechanism {
  const { number, keys, inputs } = partition;
  return {
    name: `case ${number}, partitionByCohashing`,
    histories() {
      const original = originalOf(partition);
      const target = { component: "L", partitions: 2, keys };
      const request = { rewrite: "partitionByCohashing", target, waiver: "tick-counts" } as const;
      return [{ original, before: original, ...applied(original, request), inputs }];
    },
    equivalent: EQUIVALENT_IN[number] ?? [],
  };
}

export const mechanisms: readonly Mechanism[] = [
  {
    name: "partial partitioning (section 6)",
    histories: () => [
      ...histories({
        ...PARTIAL,
        rules: LAST,
        inputs: [
          [
            ["p", 1],
            ["w", 0],
            ["w", 1],
          ],
          [
            ["p", 1],
            ["q", 1],
            ["w", 0],
          ],
          [
            ["p", 1],
            ["p", 2],
            ["w", 1],
          ],
          [
            ["q", 1],
            ["q", 2],
            ["w", 0],
          ],
        ],
      }),
      // What is meant for the partitions of one node must not come to those of the other.
      ...histories({ ...PARTIAL, rules: LAST, nodes: ["L", "L2"], inputs: [[["p", 1]]] }),
    ],
    equivalent: [
      [
        /^p_commit.* without done|^q_commit.* without done/,
        "all that a batch holds is logged in one tick, and nothing of it is seen without its header, which waits for done",
      ],
      [
        /^commit_L.* without done/,
        "nothing is complete without what the header counts, which waits for done, as zero does",
      ],
    ],
  },
  {
    name: "state-machine decoupling (section 3.4)",
    histories: () =>
      histories({
        rewrite: "decoupleStateMachine",
        rules: `${PAIR}; e@async(c)(x) <- in(x)
          | last@next(x) <- s(x); last@next(x) <- last(x), !any(); any() <- s(_); o@async(c)(x,y) <- s(x), last(y)`,
        channels: "in/1",
        inputs: [
          [
            ["in", 1],
            ["in", 2],
          ],
        ],
      }),
  },
  {
    name: "state-machine decoupling of two relations (section 3.4)",
    histories: () =>
      histories({
        rewrite: "decoupleStateMachine",
        rules: `${PAIR}; z(x) <- y(x); z(0) <- y(_); e@async(c)(x) <- in(x)
          | l(x) <- s(x); l@next(x) <- l(x), !z(_); o@async(c)(x,y) <- z(y), l(x); n@async(c)(y) <- z(y), !l(_)`,
        channels: "in/1 y/1",
        inputs: [
          [
            ["in", 1],
            ["y", 7],
          ],
        ],
      }),
  },
  {
    name: "asymmetric decoupling (section 3.5)",
    histories: () => [
      ...histories({
        rewrite: "decoupleAsymmetric",
        rules: `${KEEPS} | k2(x) <- b(x); o@async(c)(x) <- b(x)`,
        channels: "b/1 q/1",
        inputs: [BQB],
      }),
      ...histories({
        rewrite: "decoupleAsymmetric",
        rules: `last@next(x) <- k2(x); last@next(x) <- last(x), !any(); any() <- k2(_);
            p@async(c)(x) <- q(_), last(x); p@async(c)(0) <- q(_), !last(_)
          | k2(x) <- b(x); k2(0) <- b(_); t@next(x) <- b(x); o@async(c)(x) <- t(x); o@async(c)(x) <- z(x)`,
        channels: "b/1 q/1 z/1",
        inputs: [
          [
            ["b", 1],
            ["q", 1],
            ["z", 1],
          ],
        ],
      }),
    ],
  },
  {
    name: "asymmetric decoupling, what moves partitioned (section 3.5)",
    about: / without (base|route|part)_M$/,
    histories: () =>
      histories({
        rewrite: "decoupleAsymmetric",
        rules: `last@next(x,v) <- k2(x,v); last@next(x,v) <- last(x,v), !any(); any() <- k2(_,_);
            p@async(c)(x,v) <- q(_), last(x,v); p@async(c)(9,9) <- q(_), !last(_,_)
          | k2(x,1) <- b(x); k2(x,0) <- b(x); t@next(x) <- b(x); o@async(c)(x) <- t(x); o@async(c)(x) <- z(x)`,
        channels: "b/1 q/1 z/1",
        target: { partitions: 2, keys: { b: [0], k2: [0], t: [0], z: [0] } },
        inputs: [
          [
            ["b", 0],
            ["q", 1],
            ["z", 0],
          ],
          [
            ["b", 0],
            ["q", 1],
            ["b", 1],
          ],
        ],
      }),
  },
  {
    name: "monotonic decoupling of a count that deletes (sections 1.8 and 3.2)",
    histories: () =>
      histories({
        rewrite: "decoupleMonotonic",
        rules: `fd req: x1 -> x2; bt(i,b) <- req(i,b); v@async(c)(i) <- req(i,b)
          | av(s,i) <- vr(s,i); av@next(s,i) <- av(s,i), !sent(i); n(count<s>,i) <- av(s,i); com(i) <- n(k,i), k >= 2;
          bt@next(i,b) <- bt(i,b), !sent(i); o@async(c)(i,b) <- com(i), bt(i,b); sent(i) <- com(i), bt(i,_)`,
        channels: "req/2 vr/2",
        inputs: [
          [
            ["req", 1, 5],
            ["vr", "s", 1],
            ["vr", "t", 1],
          ],
        ],
      }),
  },
  {
    name: "a key that is looked up (section 5, S-22)",
    histories: () =>
      histories({
        rewrite: "partitionWithDependencies",
        rules: `edb h(x,y); fd h: x -> y; s(x) <- a(x); s@next(x) <- s(x); o@async(c)(x) <- s(x), b(x); e@async(c)(x) <- b(x)`,
        channels: "a/1 b/1",
        edb: {
          h: [
            ["x", 1],
            ["y", 0],
          ],
        },
        target: { partitions: 2, keys: { a: [H], s: [H], b: [H] } },
        inputs: [
          [
            ["a", "x"],
            ["b", "x"],
            ["a", "nowhere"],
            ["b", "nowhere"],
          ],
          [
            ["a", "y"],
            ["b", "y"],
          ],
        ],
      }),
  },
  {
    name: "a seal (section 7)",
    histories: () => [
      {
        original: withReceiver(
          `${SENDER}; all(collect<x>,b) <- p(b,_), l(x); rows@async(d)(s,b) <- all(s,b), to(d)`,
          "got@async(c)(s,b) <- rows(s,b)",
          "p/2 lg/1",
        ),
        ...sealing(SENT, "p/2 lg/1", { rewrite: "sendSealed", target: {} }),
        inputs: [
          ["lg", 0],
          ["lg", 1],
          ["p", 7, 1],
        ],
      },
      {
        // Sets that are whole in one tick are one relation in it, so what is refined is the numbered program.
        original: sealing(SENT, "p/2 lg/1", { rewrite: "sendSealed", target: {} }).program,
        ...sealing(SENT, "p/2 lg/1", { rewrite: "sendSealed", target: {} }),
        inputs: [
          ["lg", 0],
          ["lg", 1],
          ["p", 7, 1],
          ["p", 7, 2],
        ],
      },
    ],
  },
  {
    name: "a seal that partitions share (section 7)",
    about: /rows_/,
    histories: () =>
      [
        [
          ["lg", 0, 5],
          ["lg", 1, 6],
          ["p", 7],
        ],
        [
          ["lg", 0, 5],
          ["p", 7],
        ],
        [["p", 7]],
        [
          ["lg", 0, 5],
          ["lg", 1, 5],
          ["p", 7],
        ],
      ].map((inputs) => ({
        original: sealing(SHARED, "p/1 lg/2", { rewrite: "sendSealed", target: {} }).program,
        ...sealing(SHARED, "p/1 lg/2", { rewrite: "partitionPartially", target: LOG_TARGET }),
        inputs: inputs as unknown as History["inputs"],
      })),
    equivalent: [
      [
        /^rows_gotten\(0.* without !rows_arrived$/,
        "where a row and all sizes have arrived, the sum of the sizes is not zero",
      ],
    ],
  },
  ...FREE.map(fromSplit),
  ...PARTITIONS.map(fromPartition),
];

/** A guard of a mechanism and how its absence is noticed, in the first history that shows it. */
export interface Guard {
  readonly mechanism: string;
  readonly name: string;
  noticed(): Noticed | undefined;
  /** Why nothing can notice it. */
  readonly equivalent: string | undefined;
}

/** Pairs of states within which the absence of a guard has to show. */
const STATES = 20_000;

/** Every guard of every mechanism; `noticed` is the costly part. */
export function guards(): readonly Guard[] {
  return mechanisms.flatMap(({ name: mechanism, histories: told, about, equivalent = [] }) => {
    const all = told();
    const referees = all.map((history) => once(() => referee(history, STATES)));
    const byName = all.map(
      (history) => new Map(mutants(history).map((mutant) => [mutant.name, mutant.program])),
    );
    const names = new Set(byName.flatMap((each) => [...each.keys()]));
    const own = [...names].filter((name) => about?.test(name) ?? true);
    return own.map((name): Guard => ({
      mechanism,
      name,
      equivalent: [...EQUIVALENT, ...equivalent].find(([like]) => like.test(name))?.[1],
      noticed() {
        for (const [i, each] of byName.entries()) {
          const mutant = each.get(name);
          const found = mutant && referees[i]!()(mutant);
          if (found !== undefined) return found;
        }
        return undefined;
      },
    }));
  });
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
