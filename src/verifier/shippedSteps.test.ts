import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { printCompact } from "../program/printCompact.ts";
import type { Program } from "../program/program.ts";
import { address, bytes } from "../program/value.ts";
import type { Row } from "../program/value.ts";
import { example, shippedDerivation } from "../rewrites/examples.testing.ts";
import { applyStep } from "../rewrites/driver.ts";
import { replay } from "../rewrites/replay.ts";
import { read } from "../syntax/read.ts";
import { readCase } from "../syntax/readCase.ts";
import type { Input } from "./machine.ts";
import { verdictOf } from "./programs.testing.ts";
import { fewerNodes } from "./fewerNodes.ts";
import { refines } from "./refines.ts";
import type { Refinement } from "./refines.ts";

const NONCE = bytes("000102030405060708090a0b");
const RAISE = timer("raise", "leader");

/** A client's request. Those with the numbers 1 and 4, and 1 and 4 as payload, go to different ones of two partitions. */
function request(n: number, to = "leader", payload = `0${n}`): Input {
  return { relation: "in", to, row: [n, NONCE, bytes(payload)] };
}

/** A request without a nonce. */
function short(n: number, to: string): Input {
  return { relation: "in", to, row: [n, bytes(`0${n}`)] };
}

function timer(relation: string, to: string): Input {
  return { relation, to, row: [] };
}

function step(n: number, session: number, op: string): Input {
  return { relation: "in", to: "desk", row: [n, session, op] };
}

/** Two payloads with one hash of 8 bits, and one with another, which goes to the other partition. */
const COLLIDING = [
  request(1, "leader", "07"),
  request(4, "leader", "12"),
  request(5, "leader", "04"),
] as const;

/** An example on fewer nodes: these tables name the nodes that stay. */
function shrunk(
  name: string,
  nodes: readonly string[],
  numbers: Readonly<Record<string, number>> = {},
): AnalyzedProgram {
  const small = fewerNodes(example(name), nodes, numbers);
  if (typeof small === "string") throw new Error(small);
  return small;
}

/** One acceptor of Multi-Paxos, and anybody who may ask it anything. */
function anAcceptor(): AnalyzedProgram {
  const { program, deployment } = example("paxos");
  const environment = readCase(`component K {
    p1a@async(d)(p, b) <- send_p1a(b), p := addr("client"), d := addr("acceptor.1")
    p2a@async(d)(p, b, s, c) <- send_p2a(b, s, c), p := addr("client"), d := addr("acceptor.1")
    prune@async(d)(w) <- send_prune(w), d := addr("acceptor.1")
  }`).program;
  const acceptor = program.components.filter(({ name }) => name === "acceptor");
  const components = [...acceptor, ...environment.components];
  const instances = { acceptor: ["acceptor.1"], K: ["K"] };
  const declarations = saidOfNodes(program);
  return analyze({ declarations, components }, { ...deployment!, instances, node: {} });
}

/** What must hold is said of replicas, too, and is nothing to one component. */
function saidOfNodes({ declarations }: Program): Program["declarations"] {
  return declarations.filter(({ kind }) => kind !== "invariant" && kind !== "global");
}

/** The last step of Multi-Paxos on 29, with two partitions: slots 1 and 2 are not on the same. */
function partitionedAcceptor(): {
  readonly before: AnalyzedProgram;
  readonly after: AnalyzedProgram;
} {
  const before = anAcceptor();
  const step = shippedDerivation("paxos", "scaled").steps.at(-1)!;
  if (step.rewrite !== "partitionPartially") throw new Error(step.name);
  const done = applyStep(before, {
    ...step,
    target: { ...(step.target as object), partitions: 2 },
  });
  if (done.kind !== "applied") throw new Error(JSON.stringify(done));
  return { before, after: done.program };
}

/** One proposer of the Multi-Paxos whose proxies confirm, anybody for acceptor and replica, and its collector in two partitions. */
function collectorInPartitions(): {
  readonly before: AnalyzedProgram;
  readonly after: AnalyzedProgram;
} {
  const { program, deployment } = example("paxos-proxies");
  const environment = readCase(`component K {
    p2b@async(d)(a, b, s, m, c) <- send_p2b(b, s, m, c), a := addr("client"), d := addr("proposer.1")
  }`).program;
  const proposer = program.components.filter(({ name }) => name === "proposer");
  const components = [...proposer, ...environment.components];
  const instances = { proposer: ["proposer.1"], K: ["K"] };
  const anybody = [[address("client")]];
  const edb = { ...deployment!.edb, acceptors: anybody, replicas: anybody, quorum: [[1]] };
  const declarations = saidOfNodes(program);
  const before = analyze({ declarations, components }, { ...deployment!, instances, edb });
  const step = shippedDerivation("paxos-proxies", "scaled").steps[1]!;
  if (step.rewrite !== "decoupleAsymmetric") throw new Error(step.name);
  const done = applyStep(before, {
    ...step,
    target: { ...(step.target as object), partitions: 2 },
  });
  if (done.kind !== "applied") throw new Error(JSON.stringify(done));
  return { before, after: done.program };
}

function asked(...facts: readonly (readonly [string, ...Row])[]): readonly Input[] {
  return facts.map(([relation, ...row]) => ({ relation: `send_${relation}`, row, to: "K" }));
}

function oneReplica(name: string): AnalyzedProgram {
  return shrunk(name, ["leader", "replica.1"], { numReplicas: 1 });
}

interface Small {
  readonly form: string;
  readonly inputs: readonly Input[];
  /** The whole example when absent. */
  readonly base?: AnalyzedProgram;
  /** Which of its steps are asked of, all when absent. */
  readonly from?: number;
  readonly to?: number;
}

const SMALL: readonly Small[] = [
  { form: "rset-independent/scaled", inputs: [request(1), request(4)] },
  { form: "rset-monotonic/scaled", inputs: [request(1), RAISE] },
  { form: "rset-functional/scaled", inputs: [request(1), request(4), RAISE] },
  { form: "rset-cohashing/scaled", inputs: [request(1, "gateway"), request(4, "gateway")] },
  { form: "rset-dependencies/scaled", inputs: COLLIDING, base: oneReplica("rset-dependencies") },
  {
    form: "rset-partial/scaled",
    inputs: [request(1), request(4), RAISE],
    base: oneReplica("rset-partial"),
  },
  { form: "echo/scaled", inputs: [short(1, "server"), short(2, "server"), short(4, "server")] },
  {
    form: "cart/scaled",
    inputs: [step(1, 1, "put"), step(2, 1, "checkout"), step(3, 2, "checkout")],
    base: shrunk("cart", ["desk", "replica.1"]),
  },
  {
    // Answered, or given up after two periods.
    form: "twopc/scaled",
    inputs: [
      short(1, "coordinator"),
      timer("expire", "coordinator"),
      timer("expire", "coordinator"),
    ],
    base: shrunk("twopc", ["coordinator", "participant.1"], { numParticipants: 1 }),
  },
  {
    // The first seven of its steps are those of pbft/scaled.
    form: "pbft/hardened",
    inputs: [short(1, "leader"), short(4, "leader")],
    base: shrunk("pbft", ["leader", "replica.1"], { numReplicas: 1, quorum: 1 }), // prettier-ignore
  },
  {
    // Two proposers stand for election.
    form: "paxos/scaled20",
    inputs: [
      timer("watchdog", "proposer.1"),
      timer("watchdog", "proposer.2"),
      { relation: "in", to: "proposer.1", row: [1, "put", "a", bytes("01")] },
    ],
    base: shrunk("paxos", ["proposer.1", "proposer.2", "acceptor.1", "replica.1"], {
      numAcceptors: 1,
      numReplicas: 1,
      quorum: 1,
    }),
    to: 3,
  },
  {
    // One proposer, whose command an acceptor with a coordinator votes for.
    form: "paxos/scaled20",
    inputs: [
      timer("watchdog", "proposer.1"),
      { relation: "in", to: "proposer.1", row: [1, "put", "a", bytes("01")] },
    ],
    base: shrunk("paxos", ["proposer.1", "acceptor.1", "replica.1"], {
      numProposers: 1,
      numAcceptors: 1,
      numReplicas: 1,
      quorum: 1,
    }),
    from: 3,
  },
  {
    // The same where proxies confirm; the last step is that of paxos/scaled.
    form: "paxos-proxies/scaled",
    inputs: [
      timer("watchdog", "proposer.1"),
      { relation: "in", to: "proposer.1", row: [1, "put", "a", bytes("01")] },
    ],
    base: shrunk("paxos-proxies", ["proposer.1", "acceptor.1", "replica.1"], {
      numProposers: 1,
      numAcceptors: 1,
      numReplicas: 1,
      quorum: 1,
    }),
    to: 3,
  },
];

function check(
  original: AnalyzedProgram,
  rewritten: AnalyzedProgram,
  inputs: readonly Input[],
  clocks: "free" | "lockstep" = "free",
  states = 60_000,
): Refinement {
  return refines(original, rewritten, {
    inputs,
    clocks,
    observer: "first",
    functions: standardFunctions(nobleCrypto),
    crypto: nobleCrypto,
    bound: { together: 2, states },
    environment: ["K"],
  });
}

/** The steps of a derivation: the program that each leads to, and the clocks that its verdict speaks of. */
function steps({ form, base, from, to }: Small) {
  const [name, file] = form.split("/") as [string, string];
  const start = base ?? example(name);
  const replayed = replay(start, shippedDerivation(name, file), () => "no text by hand");
  let before = start;
  const questions = replayed.steps.map((done) => {
    if (done.kind === "broken") throw new Error(done.reason);
    const clocks = done.verdict === "lockstep" ? ("lockstep" as const) : ("free" as const);
    const question = { name: done.step.name, before, after: done.program, clocks };
    before = done.program;
    return question;
  });
  return questions.slice(from, to);
}

test.each(SMALL)(
  "$form: every step refines the program before it",
  (small) => {
    for (const { name, before, after, clocks } of steps(small)) {
      const found = check(before, after, small.inputs, clocks);
      expect(verdictOf(found), `${name}: ${JSON.stringify(found)}`).toBe("refines");
      // At least every number of inputs sent so far is a state of its own.
      expect(found.explored).toBeGreaterThan(new Set(small.inputs).size);
    }
  },
  120_000,
);

test.each([
  // The partitions do not stand still while the number is raised.
  ["rset-partial/scaled", ", !pending_replica(_)\n", "\n"],
  // Requests of one hash no longer meet.
  ["rset-dependencies/scaled", "partition(h, 2, k)", "partition(id, 2, k)"],
])("%s with %j replaced by %j does not", (form, from, to) => {
  const small = SMALL.find((s) => s.form === form)!;
  const [{ before, after }] = steps(small) as [ReturnType<typeof steps>[number]];
  const text = printCompact(after.program).replace(from, to);
  const mutant = analyze(read(text).program, after.deployment);
  expect(verdictOf(check(before, mutant, small.inputs))).toBe("safety");
});

test("paxos/scaled: an acceptor in partitions, with its coordinator, refines the acceptor", () => {
  const { before, after } = partitionedAcceptor();
  const inputs = asked(["p2a", 0, 1, "x"], ["p2a", 0, 2, "y"], ["p1a", 1]);
  const found = check(before, after, inputs, "free", 50_000);
  expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
  expect(found.explored).toBeGreaterThan(10_000);
});

test.each([
  // One partition refuses by the higher ballot, and another accepts the lower one after that.
  [", !pending_acceptor(_)\n", "\n"],
  // Every partition says that a page is empty of which it knows nothing.
  [", partition(k, 2, k2), part_acceptor(k2)", ""],
])("with %j replaced by %j it does not", (from, to) => {
  const { before, after } = partitionedAcceptor();
  const text = printCompact(after.program);
  expect(text).toContain(from);
  const mutant = analyze(read(text.replace(from, to)).program, after.deployment);
  const inputs = asked(["p2a", 0, 1, "x"], ["p2a", 0, 2, "y"], ["p1a", 1]);
  expect(verdictOf(check(before, mutant, inputs, "free", 50_000))).toBe("safety");
});

/** A vote in its ballot, two in higher ones for slots of both partitions, and a watchdog that makes it take the next ballot. */
const DUEL: readonly Input[] = [
  ...asked(["p2b", 2, 2, 2, "x"], ["p2b", 2, 1, 5, "y"], ["p2b", 2, 2, 9, "x"]),
  timer("watchdog", "proposer.1"),
];

test("paxos-proxies/scaled: a collector whose batches are confirmed refines the proposer", () => {
  const { before, after } = collectorInPartitions();
  const found = check(before, after, DUEL);
  expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
  expect(found.explored).toBeGreaterThan(100);
});

test.each([
  // Nothing is ever confirmed.
  ["  ran_p2bProxy(i)@async(d) :- runs_p2bProxy(k, i), base_p2bProxy(a), route_p2bProxy(a, k, d)\n", ""], // prettier-ignore
  // It waits for the batch after the one that its answer belongs to.
  [", latest_p2bProxy(m), k <= m", ", latest_p2bProxy(m), k < m"],
])("with %j replaced by %j clients are never told", (from, to) => {
  const { before, after } = collectorInPartitions();
  const text = printCompact(after.program);
  expect(text).toContain(from);
  const mutant = analyze(read(text.replace(from, to)).program, after.deployment);
  expect(verdictOf(check(before, mutant, DUEL))).toBe("quiescence");
});

test("in Paxos nobody notices when it lets out at once what belongs to a batch", () => {
  const { before, after } = collectorInPartitions();
  const text = printCompact(after.program);
  const waits = ", latest_p2bProxy(m), k <= m";
  expect(text).toContain(waits);
  const mutant = analyze(read(text.replace(waits, "")).program, after.deployment);
  expect(verdictOf(check(before, mutant, DUEL))).toBe("refines");
});
