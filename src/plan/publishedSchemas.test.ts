import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { examplePlan } from "../harness/examplePlan.ts";
import { readDeployment, writeDeployment } from "./deploymentFile.ts";
import { PUBLISHED_SCHEMAS } from "./publishedSchemas.ts";

/** `npx vitest run src/plan -u` writes them anew. */
test.each(Object.keys(PUBLISHED_SCHEMAS))("docs/schemas/%s is up to date", async (file) => {
  const text = `${JSON.stringify(PUBLISHED_SCHEMAS[file], undefined, 2)}\n`;
  await expect(text).toMatchFileSnapshot(`../../docs/schemas/${file}`);
});

function valid(file: string, json: unknown): boolean {
  const validate = new Ajv2020({ strict: false }).compile(PUBLISHED_SCHEMAS[file]!);
  return validate(json) as boolean;
}

test("an independent validator accepts what we write and refuses what we refuse", () => {
  const path = "../../public/examples/kvs/base.deployment.json";
  const json = JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as object;
  const read = readDeployment(json);
  if (read.kind === "problems") throw new Error(JSON.stringify(read.problems));
  expect(valid("deployment.json", writeDeployment(read.deployment))).toBe(true);
  expect(valid("deployment.json", { ...json, sede: 1 })).toBe(false);
  expect(valid("deployment.json", { ...json, edb: { r: [[1.5]] } })).toBe(false);

  const plan = examplePlan("kvs/base").file;
  expect(valid("plan.json", plan)).toBe(true);
  expect(valid("plan.json", { ...plan, nodes: [{}] })).toBe(false);
});
