import { afterEach, expect, test } from "vitest";
import { example, simulated } from "../simulator/examples.testing.ts";
import { messageSelector } from "../simulator/faults.ts";
import { traceText } from "../simulator/traceJson.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { connect, serve } from "./rpc.ts";
import type { Client } from "./rpc.ts";
import type { DeployedProgram, SimulationApi } from "./simulationApi.ts";
import { simulationHandlers } from "./simulationHandlers.ts";

const open: MessagePort[] = [];
afterEach(() => open.splice(0).forEach((port) => port.close()));

/** As in a worker: everything crosses a port. */
function worker(): Client<SimulationApi> {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  port1.start();
  port2.start();
  serve<SimulationApi>(port1, simulationHandlers);
  return connect<SimulationApi>(port2);
}

function deployed({ program, deployment }: AnalyzedProgram): DeployedProgram {
  return { program, deployment: deployment! };
}

const voting = example("voting");

test("the worker's trace is the one that the command line makes", async () => {
  const trace = await worker().call("simulate", { ...deployed(voting), settings: { seed: 1 } });
  expect(traceText(trace)).toBe(traceText(simulated(voting)));
});

test("a run reports progress, and a cancelled one answers with the trace so far", async () => {
  const controller = new AbortController();
  const request = { ...deployed(voting), settings: { seed: 1, requests: 5_000 } };
  const sent: number[] = [];
  const trace = await worker().call("simulate", request, {
    signal: controller.signal,
    onProgress: (progress) => {
      sent.push(progress.sent);
      if (sent.length === 2) controller.abort();
    },
  });
  expect(trace.end.kind).toBe("cancelled");
  expect(trace.requests.length).toBeGreaterThanOrEqual(sent[1]!);
  expect(trace.requests.length).toBeLessThan(5_000);
});

test("compared programs get the same requests; a fault of one side hits that side", async () => {
  const before = simulated(voting);
  const reply = before.messages.find((m) => m.relation === "reply")!;
  const { original, rewritten, comparison } = await worker().call("compare", {
    original: deployed(voting),
    rewritten: {
      ...deployed(voting),
      faults: [{ kind: "lose", message: messageSelector(before, reply.id) }],
    },
    settings: { seed: 1 },
  });
  expect(traceText(original)).toBe(traceText(before));
  expect(rewritten.requests.map((r) => r.input)).toEqual(original.requests.map((r) => r.input));
  expect(comparison.original.unanswered).toEqual([]);
  expect(comparison.rewritten.unanswered).toHaveLength(1);
  expect(comparison.firstDifference?.original?.request).toBe(comparison.rewritten.unanswered[0]);
});

test("the cost is that of the busiest node", async () => {
  const cost = await worker().call("cost", deployed(voting));
  expect(cost).toMatchObject({ address: "leader", messagesPerCommand: 8 });
});

test("a deployment whose clients do not fit is refused with a sentence", async () => {
  const { program, deployment } = deployed(voting);
  const clients = { ...deployment.clients, input: "inn" };
  const request = { program, deployment: { ...deployment, clients }, settings: { seed: 1 } };
  await expect(worker().call("simulate", request)).rejects.toThrow("`inn`");
});
