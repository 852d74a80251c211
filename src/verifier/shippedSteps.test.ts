import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { printCompact } from "../program/printCompact.ts";
import { address, bytes } from "../program/value.ts";
import { example, shippedDerivation } from "../rewrites/examples.testing.ts";
import { replay } from "../rewrites/replay.ts";
import { read } from "../syntax/read.ts";
import type { Input } from "./machine.ts";
import { verdictOf } from "./programs.testing.ts";
import { refines } from "./refines.ts";
import type { Refinement } from "./refines.ts";

const NONCE = bytes("000102030405060708090a0b");
const RAISE: Input = { relation: "raise", to: "leader", row: [] };

/** A client's request. Those with the numbers 1 and 4, and 1 and 4 as payload, go to different ones of two partitions. */
function request(n: number, to = "leader", payload = `0${n}`): Input {
  return { relation: "in", to, row: [n, NONCE, bytes(payload)] };
}

function echo(n: number): Input {
  return { relation: "in", to: "server", row: [n, bytes(`0${n}`)] };
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

/** Fewer replicas, so that there are few enough schedules to try them all. */
function withReplicas(p: AnalyzedProgram, n: number): AnalyzedProgram {
  const { deployment } = p;
  if (deployment === undefined) throw new Error("The example has a deployment.");
  const replicas = Array.from({ length: n }, (_, i) => `replica.${i + 1}`);
  return analyze(p.program, {
    ...deployment,
    instances: { ...deployment.instances, replica: replicas },
    edb: {
      ...deployment.edb,
      replicas: replicas.map((at) => [address(at)]),
      numReplicas: [[n]],
    },
  });
}

interface Small {
  readonly form: string;
  readonly inputs: readonly Input[];
  readonly replicas?: number;
}

const SMALL: readonly Small[] = [
  { form: "rset-independent/scaled", inputs: [request(1), request(4)] },
  { form: "rset-monotonic/scaled", inputs: [request(1), request(4), RAISE], replicas: 2 },
  { form: "rset-functional/scaled", inputs: [request(1), request(4), RAISE] },
  { form: "rset-cohashing/scaled", inputs: [request(1, "gateway"), request(4, "gateway")] },
  { form: "rset-dependencies/scaled", inputs: COLLIDING, replicas: 1 },
  { form: "rset-partial/scaled", inputs: [request(1), request(4), RAISE], replicas: 1 },
  { form: "echo/scaled", inputs: [echo(1), echo(2), echo(4)] },
  { form: "cart/scaled", inputs: [step(1, 1, "put"), step(2, 1, "checkout"), step(3, 2, "checkout")], replicas: 1 }, // prettier-ignore
];

function check(
  original: AnalyzedProgram,
  rewritten: AnalyzedProgram,
  inputs: readonly Input[],
): Refinement {
  return refines(original, rewritten, {
    inputs,
    clocks: "free",
    observer: "first",
    functions: standardFunctions(nobleCrypto),
    crypto: nobleCrypto,
    bound: { together: 2 },
  });
}

/** The programs on the way of a derivation, its base first. */
function programs({ form, replicas }: Small): readonly AnalyzedProgram[] {
  const [name, file] = form.split("/") as [string, string];
  const base = replicas === undefined ? example(name) : withReplicas(example(name), replicas);
  const { steps } = replay(base, shippedDerivation(name, file), () => "no text by hand");
  return [
    base,
    ...steps.map((step) => {
      if (step.kind === "broken") throw new Error(step.reason);
      return step.program;
    }),
  ];
}

test.each(SMALL)("$form: every step refines the program before it", (small) => {
  const all = programs(small);
  for (const [i, after] of all.slice(1).entries()) {
    const found = check(all[i]!, after, small.inputs);
    expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
    // At least every set of inputs sent so far is a state of its own.
    expect(found.explored).toBeGreaterThanOrEqual(2 ** small.inputs.length);
  }
});

test.each([
  // The partitions do not stand still while the number is raised.
  ["rset-partial/scaled", ", !pending_replica(_)\n", "\n"],
  // Requests of one hash no longer meet.
  ["rset-dependencies/scaled", "partition(h, 2, k)", "partition(id, 2, k)"],
])("%s with %j replaced by %j does not", (form, from, to) => {
  const small = SMALL.find((s) => s.form === form)!;
  const [base, scaled] = programs(small);
  const text = printCompact(scaled!.program).replace(from, to);
  const mutant = analyze(read(text).program, scaled!.deployment);
  expect(verdictOf(check(base!, mutant, small.inputs))).toBe("safety");
});
