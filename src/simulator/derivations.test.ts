import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { compile } from "../evaluator/compile.ts";
import { readDerivation } from "../rewrites/derivation.ts";
import { replay } from "../rewrites/replay.ts";
import { compareAnswers } from "./answers.ts";
import { example, referenceEngines, simulated } from "./examples.testing.ts";
import { busiestNode } from "./messageCounts.ts";
import type { SimulationSettings } from "./simulationOptions.ts";

const engines = { ...referenceEngines, engine: compile };
const examples = new URL("../../public/examples/", import.meta.url);

/** Every derivation that is shipped: the example's name, the file, the program at its end. */
const DERIVED = readdirSync(examples).flatMap((name) =>
  readdirSync(new URL(`${name}/`, examples))
    .filter((file) => file.endsWith(".derivation.json"))
    .map((file) => ({ name, file })),
);

function derived(name: string, file: string): AnalyzedProgram {
  const json: unknown = JSON.parse(readFileSync(new URL(`${name}/${file}`, examples), "utf8"));
  const read = readDerivation(json);
  if (!("derivation" in read)) throw new Error(JSON.stringify(read));
  const { steps, last } = replay(example(name), read.derivation, () => "by hand");
  expect(steps.map((step) => step.kind)).not.toContain("broken");
  return last;
}

test.each(DERIVED)("$name, $file: rewritten, the original's answers", ({ name, file }) => {
  const rough: Partial<SimulationSettings> = {
    network: { delay: { min: 0, max: 40 }, duplication: 0.2 },
  };
  const original = simulated(example(name), rough, engines);
  const rewritten = simulated(derived(name, file), rough, engines);
  const comparison = compareAnswers(original, rewritten);
  expect(comparison.rewritten).toMatchObject({ requests: 20, unanswered: [], strays: 0 });
  expect(comparison.onlyOriginal).toEqual([]);
  expect(comparison.onlyRewritten).toEqual([]);
});

test("siblings retransmit, so nothing is lost between them", () => {
  const between = DERIVED.flatMap(({ name, file }) => {
    const trace = simulated(derived(name, file), { network: { loss: 0.1 } }, engines);
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
  const scaled = busiestNode(derived("voting", "scaled3.derivation.json"), engines)!;
  expect(scaled.messagesPerCommand).toBeLessThan(base.messagesPerCommand);
});
