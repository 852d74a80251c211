import { afterEach, expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import { nodeEnvironment } from "../evaluator/environment.ts";
import type { Send } from "../evaluator/nodeEngine.ts";
import { reference } from "../evaluator/reference.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { address } from "../program/value.ts";
import { standingSends } from "../simulator/standingSends.ts";
import type { StandingPolicy } from "../simulator/standingSends.ts";
import { readDeployment } from "../plan/deploymentFile.ts";
import { read } from "../syntax/read.ts";
import { exampleDeployment } from "./examplePlan.ts";
import { nodeCrypto } from "./nodeCrypto.ts";
import { startNodeLoop } from "./nodeLoop.ts";
import type { NodeLoop } from "./nodeLoop.ts";

const loops: NodeLoop[] = [];
afterEach(() => {
  for (const loop of loops.splice(0)) loop.stop();
});

/** One node that keeps what arrives as `put` and sends it to `b` for as long as it is kept. */
const KEEPER = `component a {
  kept(x) :- put(x), !drop(x)
  kept(x)@next :- kept(x), !drop(x)
  out(x)@async(d) :- kept(x), peer(d)
  seen(n) :- drop(n)
}
component b { got(x) :- out(x) }`;

function keeper(policy: StandingPolicy) {
  const base = readDeployment({
    ...exampleDeployment("voting/base"),
    instances: { a: ["a"], b: ["b"] },
    edb: { peer: [[{ addr: "b" }]] },
  });
  if (base.kind === "problems") throw new Error(JSON.stringify(base.problems));
  const p = analyze(read(KEEPER).program, base.deployment);
  const functions = standardFunctions(nodeCrypto);
  const environment = nodeEnvironment(p, base.deployment, "a", "a", functions, nodeCrypto);
  const sent: Send[] = [];
  const loop = startNodeLoop({
    engine: reference(p, "a").start(environment),
    standing: standingSends(new Map([["out", policy]])),
    send: (send) => sent.push(send),
    flush: () => undefined,
    failed: (error) => {
      throw error;
    },
  });
  loops.push(loop);
  return { loop, sent };
}

const put = (x: number) => [{ relation: "put", row: [x] }];
const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await settle();
}

test("a standing send is sent once, then again after a while, and once more when it ends", async () => {
  const { loop, sent } = keeper("coalesced");
  loop.arrive(put(1));
  await until(() => sent.length === 1);
  expect(sent).toEqual([{ to: "b", relation: "out", row: [1] }]);
  // Each tick holds it back; the timer lets it go once.
  loop.arrive(put(2));
  await until(() => sent.filter((s) => s.row[0] === 1).length === 2);
  await until(() => sent.filter((s) => s.row[0] === 2).length === 2);
  const ones = () => sent.filter((s) => s.row[0] === 1).length;
  const before = ones();
  loop.arrive(put(3));
  await until(() => sent.some((s) => s.row[0] === 3));
  loop.arrive([{ relation: "drop", row: [1] }]);
  await until(() => ones() > before);
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(ones()).toBe(before + 1);
});

test("a dropped standing send is sent once only", async () => {
  const { loop, sent } = keeper("dropped");
  loop.arrive(put(1));
  for (let x = 2; x < 6; x++) {
    await settle();
    loop.arrive(put(x));
  }
  await until(() => sent.length >= 5);
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(sent.map((s) => s.row[0])).toEqual([1, 2, 3, 4, 5]);
  expect(sent[0]?.to).toBe(address("b").name);
});

test("what waits enters one tick together, and a settled node does not tick", async () => {
  const { loop, sent } = keeper("literal");
  loop.arrive(put(1));
  loop.arrive(put(2));
  await until(() => sent.length > 0);
  await settle();
  // Tick 1 with both, tick 2 because the state changed; then nothing is left to do.
  expect(sent.map((s) => s.row[0])).toEqual([1, 2, 1, 2]);
});
