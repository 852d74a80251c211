import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { StepView } from "../../workers/workspaceApi.ts";
import { workspaceHandlers } from "../../workers/workspaceHandlers.ts";
import { touchedBy } from "./touchedBy.ts";

const context = { progress: () => {}, signal: new AbortController().signal };

test("a step touches what it moved and changed, before it and after it", async () => {
  const steps = await derivation("kvs", "functional");
  const moved =
    "rules 3 to 8 and 15; acks, fromStorage, numACKs, certs, outCert and outInconsistent";
  expect(touchedBy(steps, 1, 0)?.sentence).toBe(`Step 1 touched ${moved}.`);
  const after = touchedBy(steps, 1, 1)!;
  expect(after.sentence).toBe(`Step 1 touched ${moved}; component collector.`);
  expect(after.rules.has("collector/acks/1")).toBe(true);
  expect(after.rules.has("leader/signed/1")).toBe(false);
  // A constant that is read elsewhere now is not touched.
  expect(after.relations.has("client")).toBe(false);
});

test("later steps are followed: what they moved on is lit where it is now, under its new id", async () => {
  const steps = await derivation("kvs", "functional");
  const last = steps.length - 1;
  const touched = touchedBy(steps, 1, last)!;
  const { rules } = steps[last]!.view!;
  expect(rules.filter(({ id }) => touched.rules.has(id)).map(({ head }) => head)).toEqual(
    expect.arrayContaining(["acks", "outCert", "outInconsistent", "fromStorage"]),
  );
  expect(touched.rules.size).toBe(7);
});

test("what a step adds is nowhere before it; what it only changes is", async () => {
  const steps = await derivation("kvs", "functional");
  const copy = steps.findIndex(({ title }) => title === "Copy for a split");
  expect(touchedBy(steps, copy, 0)?.sentence).toBe(`Step ${copy} touched rule 8.`);
  expect([...touchedBy(steps, copy, copy)!.relations]).toEqual(["acks_copy"]);
});

test("a partitioned component is touched, and who sends to it", async () => {
  const steps = await derivation("voting", "scaled3");
  const split = steps.findIndex(({ rewrite }) => rewrite === "partitionByCohashing");
  const touched = touchedBy(steps, split, split)!;
  expect([...touched.components]).toHaveLength(1);
  expect(touched.rules.size).toBeGreaterThan(0);
});

test("no step made the base, and one that is broken touches nothing", async () => {
  const [base, first] = await derivation("kvs", "functional");
  expect(touchedBy([base!, first!], 0, 0)).toBeUndefined();
  const broken = touchedBy([base!, { ...first!, view: undefined }], 1, 0)!;
  expect(broken.rules.size + broken.relations.size + broken.components.size).toBe(0);
  expect(broken.sentence).toBe("Step 1 does not apply, so it touches nothing.");
});

async function derivation(example: string, name: string): Promise<readonly StepView[]> {
  const file = (end: string): string => readFileSync(`public/examples/${example}/${end}`, "utf8");
  const handlers = workspaceHandlers();
  const document = {
    fileName: "base.ded",
    text: file("base.ded"),
    deployment: JSON.parse(file("base.deployment.json")) as unknown,
    steps: [],
  };
  const json = JSON.parse(file(`${name}.derivation.json`)) as unknown;
  const read = await handlers.importDerivation({ document, json }, context);
  if (read.kind === "refused") throw new Error(read.message);
  return (await handlers.replay({ ...document, steps: read.steps }, context)).steps;
}
