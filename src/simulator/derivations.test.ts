import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { compile } from "../evaluator/compile.ts";
import { compareAnswers } from "./answers.ts";
import { example, referenceEngines, scaledExample, simulated } from "./examples.testing.ts";
import { busiestNode } from "./messageCounts.ts";
import type { SimulationSettings } from "./simulationOptions.ts";

const engines = { ...referenceEngines, engine: compile };
const examples = new URL("../../public/examples/", import.meta.url);

/** Every derivation that is shipped: the example's name and the form it leads to. */
const DERIVED = readdirSync(examples).flatMap((name) =>
  readdirSync(new URL(`${name}/`, examples))
    .filter((file) => file.endsWith(".derivation.json"))
    .map((file) => ({ name, form: file.slice(0, -".derivation.json".length) })),
);

/** Their answers tell an order or a time, which is up to the network; tests of their own ask whether all is right. */
const FREE = new Set(["cart", "paxos", "paxos-proxies", "pbft", "rset-dependencies", "rset-functional", "rset-monotonic", "rset-partial"]); // prettier-ignore

test.each(DERIVED)("$name, $form: rewritten, the original's answers", ({ name, form }) => {
  const rough: Partial<SimulationSettings> = {
    network: { delay: { min: 0, max: 40 }, duplication: 0.2 },
  };
  const original = simulated(example(name, form), rough, engines);
  const rewritten = simulated(scaledExample(name, form), rough, engines);
  const comparison = compareAnswers(original, rewritten);
  expect(comparison.rewritten).toMatchObject({ requests: 20, unanswered: [], strays: 0 });
  if (FREE.has(name)) return;
  expect(comparison.onlyOriginal).toEqual([]);
  expect(comparison.onlyRewritten).toEqual([]);
});

test("siblings retransmit, so nothing is lost between them", () => {
  const between = DERIVED.flatMap(({ name, form }) => {
    const trace = simulated(scaledExample(name, form), { network: { loss: 0.1 } }, engines);
    const original = new Map(trace.nodes.map((node) => [node.address, node.original]));
    return trace.messages.filter(
      ({ from, to }) => original.has(from) && original.get(from) === original.get(to),
    );
  });
  expect(between.length).toBeGreaterThan(100);
  expect(between.filter((message) => message.arrivedAt === undefined)).toEqual([]);
});

test("splitting and partitioning voting's leader takes messages off its busiest node", () => {
  const base = busiestNode(example("voting"), engines)!;
  const scaled = busiestNode(scaledExample("voting", "scaled3"), engines)!;
  expect(scaled.messagesPerCommand).toBeLessThan(base.messagesPerCommand);
});
