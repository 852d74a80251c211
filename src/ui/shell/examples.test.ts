import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { workspaceHandlers } from "../../workers/workspaceHandlers.ts";
import { EXAMPLE_GROUPS } from "./examples.ts";

const folder = new URL("../../../public/examples/", import.meta.url);
const examples = EXAMPLE_GROUPS.flatMap((group) => group.examples);
const file = (path: string) => readFileSync(new URL(path, folder), "utf8");

test("everything shipped is offered, under names of its own", () => {
  expect([...new Set(examples.map((example) => example.folder))].sort()).toEqual(
    readdirSync(folder).sort(),
  );
  const derivations = readdirSync(folder).flatMap((name) =>
    readdirSync(new URL(`${name}/`, folder))
      .filter((each) => each.endsWith(".derivation.json"))
      .map((each) => `${name}/${each}`),
  );
  const offered = examples.flatMap((e) =>
    e.derivation === undefined ? [] : [`${e.folder}/${e.derivation}.derivation.json`],
  );
  expect(offered.sort()).toEqual(derivations.sort());
  const deployments = readdirSync(folder).flatMap((name) =>
    readdirSync(new URL(`${name}/`, folder))
      .filter((each) => each.endsWith(".deployment.json") && each !== "base.deployment.json")
      .map((each) => `${name}/${each}`),
  );
  const begun = examples.flatMap((e) =>
    e.deployment === undefined ? [] : [`${e.folder}/${e.deployment}.deployment.json`],
  );
  expect(begun.sort()).toEqual(deployments.sort());
  expect(new Set(examples.map(({ name }) => name)).size).toBe(examples.length);
});

test.each(examples)("$name opens whole", async ({ folder: at, derivation, deployment }) => {
  expect(existsSync(new URL(`${at}/lesson.md`, folder))).toBe(true);
  const source = {
    fileName: "base.ded",
    text: file(`${at}/base.ded`),
    deployment: JSON.parse(file(`${at}/${deployment ?? "base"}.deployment.json`)) as unknown,
    steps: [],
  };
  const handlers = workspaceHandlers();
  const context = { progress: () => undefined, signal: new AbortController().signal };
  const replayed = await handlers.replay(source, context);
  expect(replayed.notices).toEqual([]);
  expect(replayed.steps[0]?.view?.diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  if (derivation === undefined) return;
  const json = JSON.parse(file(`${at}/${derivation}.derivation.json`)) as unknown;
  const read = await handlers.importDerivation({ document: source, json }, context);
  expect(read).toMatchObject({ kind: "derivation", notices: [] });
});
