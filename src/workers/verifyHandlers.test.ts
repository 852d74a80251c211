import { afterEach, expect, test } from "vitest";
import { compile } from "../evaluator/compile.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { analyze } from "../analysis/analyze.ts";
import { address } from "../program/value.ts";
import { shippedDerivation } from "../rewrites/examples.testing.ts";
import { replay } from "../rewrites/replay.ts";
import { example, oneNode } from "../simulator/examples.testing.ts";
import { createSimulation } from "../simulator/simulation.ts";
import { read } from "../syntax/read.ts";
import { connect, serve } from "./rpc.ts";
import type { Client } from "./rpc.ts";
import type { DeployedProgram } from "./simulationApi.ts";
import type { Verified, VerifyApi } from "./verifyApi.ts";
import { verifyHandlers } from "./verifyHandlers.ts";

const open: MessagePort[] = [];
afterEach(() => open.splice(0).forEach((port) => port.close()));

/** As in a worker: everything crosses a port. */
function worker(): Client<VerifyApi> {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  port1.start();
  port2.start();
  serve<VerifyApi>(port1, verifyHandlers);
  return connect<VerifyApi>(port2);
}

function deployed({ program, deployment }: AnalyzedProgram): DeployedProgram {
  return { program, deployment: deployment! };
}

const voting = example("voting");
const how = { clocks: "free", observer: "first" } as const;

test("a program refines itself, and says on the way how far it is", async () => {
  const heard: number[] = [];
  const sides = { original: deployed(voting), rewritten: deployed(voting) };
  const done = await worker().call(
    "verify",
    { ...sides, ...how, requests: 2 },
    { onProgress: ({ explored }) => heard.push(explored) },
  );
  expect(done.refinement.kind).toBe("refines");
  expect(heard.length).toBeGreaterThan(0);
  expect(heard).toEqual(heard.toSorted((a, b) => a - b));
  expect(done.refinement.explored).toBeGreaterThanOrEqual(heard.at(-1)!);
});

test("timers fire and nodes crash as often as told", async () => {
  const timers = oneNode(`
    timer beat every 20ms
    durable k
    k(id) :- in(id)
    k(id)@next :- k(id)
    out(id)@async(c) :- k(id), beat(), client(c)`);
  const sides = { original: deployed(timers), rewritten: deployed(timers) };
  const explored = async (more: { readonly firings?: number; readonly crashes?: number }) => {
    const done = await worker().call("verify", { ...sides, ...how, requests: 1, ...more });
    expect(done.refinement.kind).toBe("refines");
    expect(done.requestOf).toEqual([1]);
    return { states: done.refinement.explored, outputs: done.outputs };
  };
  const none = await explored({});
  expect(none.outputs).toBe(0);
  const fired = await explored({ firings: 1 });
  expect(fired.outputs).toBe(1);
  const both = await explored({ firings: 1, crashes: 1 });
  expect(both.states).toBeGreaterThan(fired.states);
});

test("a program with seals is checked with its seals written out, and is not simulated", async () => {
  const text = `component main {
    l(id) :- in(id)
    l(id)@next :- l(id)
    rows(seal<x>, id)@async(d) :- in(id), l(x), at(d)
  }
  component reader {
    all(collect<x>, id) :- rows(x, id)
    out(id, s)@async(c) :- all(s, id), client(c)
  }`;
  const { deployment } = oneNode("out(id)@async(c) :- in(id), client(c)");
  const sealed = (own: string) => {
    const edb = { ...deployment!.edb, at: [[address("r")]] };
    const placed = { ...deployment!, instances: { main: ["n"], reader: ["r"] }, edb };
    return { program: read(own).program, deployment: placed };
  };
  const asked = { original: sealed(text), ...how, requests: 2 };
  const same = await worker().call("verify", { ...asked, rewritten: sealed(text) });
  expect(same.refinement.kind).toBe("refines");
  const less = sealed(text.replace("l(id)@next :- l(id)", ""));
  const found = await worker().call("verify", { ...asked, rewritten: less });
  expect(found.refinement).toMatchObject({ kind: "counterexample" });
  expect(found.replay).toBeUndefined();
});

test("what is not decided is asked of fewer nodes, and nodes may stay down there, too", async () => {
  const pbft = example("pbft");
  const { steps } = shippedDerivation("pbft", "scaled");
  const first = replay(pbft, { base: { sha256: "", name: "" }, steps: [steps[0]!] }, () => "none");
  const sides = { original: deployed(pbft), rewritten: deployed(first.last) };
  const smaller = { base: deployed(pbft), steps, from: 0, to: 1 };
  const asked = async (more: object) => {
    const bound = { states: 100, originalStates: 500 };
    const request = { ...sides, ...how, requests: 1, smaller, bound, ...more };
    return worker().call("verify", request);
  };
  const { refinement, smaller: found } = await asked({});
  expect(refinement.kind).toBe("not-known");
  expect(found?.refinement.kind).toBe("refines");
  expect(found).toMatchObject({ outputs: 1, form: { numbers: { numReplicas: 1, quorum: 1 } } });
  expect(found?.form.nodes).toEqual(["leader", "replica.1"]);
  const without = await asked({ down: ["replica.3"] });
  expect(without.smaller?.form.nodes).toEqual(["leader", "replica.3"]);
  expect(without.smaller?.refinement.kind).toBe("refines");
  expect(without.smaller!.refinement.explored).toBeGreaterThan(found!.refinement.explored);
});

test("a cancelled check is not known", async () => {
  const controller = new AbortController();
  const sides = { original: deployed(voting), rewritten: deployed(voting) };
  const done = await worker().call(
    "verify",
    { ...sides, ...how, requests: 2 },
    { signal: controller.signal, onProgress: () => controller.abort() },
  );
  expect(done.refinement.kind).toBe("not-known");
});

test("a counterexample comes with the settings of a simulation that shows it", async () => {
  const { program, deployment } = voting;
  const components = program.components.map((c) => ({
    ...c,
    rules: c.rules.filter((rule) => rule.id !== "leader/votes/1"),
  }));
  const silent = analyze({ ...program, components }, deployment);
  const request = { original: deployed(voting), rewritten: deployed(silent), ...how, requests: 1 };
  let shown: Verified | undefined;
  const { refinement, replay, outputs, requestOf } = await worker().call("verify", request, {
    onProgress: ({ found }) => (shown = found ?? shown),
  });
  // It is known before it is made small, for who does not want to wait for that.
  expect(shown?.refinement).toMatchObject({ kind: "counterexample", violation: "quiescence" });
  expect(shown?.replay?.difference.index).toBe(0);
  expect({ outputs, requestOf }).toEqual({ outputs: 1, requestOf: [1] });
  if (refinement.kind !== "counterexample" || replay === undefined) throw new Error("none");
  expect(refinement.violation).toBe("quiescence");
  const functions = standardFunctions(nobleCrypto);
  const told = { engine: compile, functions, crypto: nobleCrypto };
  const simulation = createSimulation(silent, { ...replay.rewritten, ...told });
  while (simulation.advance(1_000) === "running");
  const { ticks, nodes, requests } = simulation.trace();
  const planned = refinement.schedule.flatMap((step) => step.ticks.map((tick) => tick.address));
  expect(ticks.slice(0, planned.length).map((tick) => nodes[tick.node]!.address)).toEqual(planned);
  expect(requests.map((one) => one.answers)).toEqual([[]]);
});
