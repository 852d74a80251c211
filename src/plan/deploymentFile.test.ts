import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readDeployment, writeDeployment } from "./deploymentFile.ts";
import { address } from "../program/value.ts";

function exampleJson(protocol: string): Record<string, unknown> {
  const file = new URL(`../../public/examples/${protocol}/base.deployment.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
}

function problems(json: unknown) {
  const read = readDeployment(json);
  return read.kind === "problems" ? read.problems.map((p) => `${p.pointer}: ${p.message}`) : [];
}

test("the examples are read, with defaults for what they leave out", () => {
  const read = readDeployment(exampleJson("kvs"));
  if (read.kind === "problems") throw new Error(JSON.stringify(read.problems));
  expect(read.deployment.edb["client"]).toEqual([[address("client")]]);
  expect(read.deployment.node).toEqual({});
  expect(read.deployment.originals).toEqual({});
  expect(read.deployment.partitions).toEqual({});
  expect(read.deployment.trusted).toEqual({ storage: ["leader"] });
});

test.each(["kvs", "voting"])(
  "%s: reading what was written gives the same deployment",
  (protocol) => {
    const read = readDeployment(exampleJson(protocol));
    if (read.kind === "problems") throw new Error(JSON.stringify(read.problems));
    const text = JSON.stringify(writeDeployment(read.deployment));
    expect(readDeployment(JSON.parse(text))).toEqual(read);
  },
);

test("a misspelt field is refused by its name, and a missing one by its place", () => {
  const { seed, ...rest } = exampleJson("voting");
  expect(problems({ ...rest, sede: seed })).toEqual([
    ": The field “seed” is missing.",
    "/sede: There is no field “sede” here; expected format, version, instances, edb, clients, seed, node, originals, trusted, partitions.",
  ]);
});

test("a wrong value is named by its pointer, what was found and what was expected", () => {
  const json = exampleJson("voting");
  expect(problems({ ...json, edb: { "a/b": [[1], [1.5]], quorum: 3 } })).toEqual([
    '/edb/a~1b/1/0: Found 1.5, expected a value: an integer, {"int": "…"}, a string, true, false, {"bytes": "hex"}, {"addr": "name"} or an array of values.',
    "/edb/quorum: Found 3, expected an array.",
  ]);
});

test("a tuple in too many others is refused at its place, the deepest is read", () => {
  const json = exampleJson("voting");
  const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
  expect(problems({ ...json, edb: { r: [[nested(64)]] } })).toEqual([]);
  expect(problems({ ...json, edb: { r: [[nested(65)]] } })).toEqual([
    `/edb/r/0/0${"/0".repeat(64)}: Tuples nest at most 64 deep; this one is in too many others.`,
  ]);
});

test("a newer version is refused with its number", () => {
  expect(problems({ ...exampleJson("voting"), version: 7 })).toEqual([
    "/version: This file has version 7 of the deployment format; this Clew reads versions up to 1.",
  ]);
});

test("another kind of file is refused as such", () => {
  expect(problems({ format: "clew/plan", version: 1 })).toEqual([
    '/format: Found "clew/plan", expected "clew/deployment".',
  ]);
  expect(problems([])).toHaveLength(1);
});

test("two components cannot share an address", () => {
  const json = {
    ...exampleJson("voting"),
    instances: { leader: ["a"], participant: ["b", "a", "client"] },
  };
  expect(problems(json)).toEqual([
    "/instances/participant/1: Address “a” already runs component “leader”; an address runs one instance of one component.",
    "/instances/participant/2: Address “client” is that of the clients.",
  ]);
});
