import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import { exampleDeployment, exampleText, planOf } from "../harness/examplePlan.ts";
import { readPlanFile } from "../harness/readPlanFile.ts";
import { read } from "../syntax/read.ts";
import { makePlan } from "./plan.ts";
import type { Plan } from "./plan.ts";
import type { PlanJson } from "./planFile.ts";

const kvs = planOf("kvs", exampleText("kvs/base"), exampleDeployment("kvs/base"));
const voting = planOf("voting", exampleText("voting/base"), exampleDeployment("voting/base"));

function problems(json: unknown): readonly string[] {
  const made = readPlanFile(json);
  return made.kind === "problems" ? made.problems.map((p) => `${p.pointer}: ${p.message}`) : [];
}

function reread(plan: Plan): Plan {
  const made = readPlanFile(JSON.parse(JSON.stringify(plan.file)));
  if (made.kind === "problems") throw new Error(JSON.stringify(made.problems));
  return made.plan;
}

test("a plan names every node with its component, original and keys, and every channel with its routing", () => {
  expect(kvs.file.nodes.map((n) => [n.address, n.component, n.keys, n.port])).toEqual([
    [
      "leader",
      "leader",
      { own: "leader", trusted: ["leader", "storage.1", "storage.2", "storage.3"] },
      "assign",
    ],
    ["storage.1", "storage", { own: "storage.1", trusted: ["leader"] }, "assign"],
    ["storage.2", "storage", { own: "storage.2", trusted: ["leader"] }, "assign"],
    ["storage.3", "storage", { own: "storage.3", trusted: ["leader"] }, "assign"],
  ]);
  const routing = kvs.file.channels.map((c) => [
    c.relation,
    c.from,
    c.to,
    c.fromClients,
    c.toClients,
  ]);
  expect(routing).toContainEqual(["in", [], ["leader"], true, false]);
  expect(routing).toContainEqual(["toStorage", ["leader"], ["storage"], false, false]);
  expect(routing).toContainEqual(["outCert", ["leader"], [], false, true]);
  expect(routing).toHaveLength(5);
});

test("a plan read back is the same plan, with the deployment it was made of", () => {
  for (const plan of [kvs, voting]) {
    const again = reread(plan);
    expect(again.sha256).toBe(plan.sha256);
    expect(again.deployment.instances).toEqual(plan.deployment.instances);
    expect(again.deployment.edb).toEqual(plan.deployment.edb);
    expect(again.deployment.clients).toEqual(plan.deployment.clients);
  }
  expect(reread(kvs).deployment.trusted["storage"]).toEqual(["leader"]);
});

test("siblings of one original share its keys and fault domain, and are numbered", () => {
  const base = exampleDeployment("voting/base");
  const plan = planOf("split", exampleText("voting/base"), {
    ...base,
    instances: { leader: ["leader"], participant: ["p/1", "p/2", "q/1", "q/2"] },
    originals: { "p/1": "p", "p/2": "p", "q/1": "q", "q/2": "q" },
    partitions: { participant: 2 },
    node: { "p/1": { part: [[0]] } },
  });
  const nodes = plan.file.nodes.filter((n) => n.component === "participant");
  expect(nodes.map((n) => [n.address, n.original, n.faultDomain, n.keys.own, n.partition])).toEqual(
    [
      ["p/1", "p", "p", "p", 0],
      ["p/2", "p", "p", "p", 1],
      ["q/1", "q", "q", "q", 0],
      ["q/2", "q", "q", "q", 1],
    ],
  );
  expect(plan.file.nodes.find((n) => n.address === "p/1")?.edb).toEqual({ part: [[0]] });
  expect(reread(plan).deployment.originals).toMatchObject({ "p/1": "p", "p/2": "p" });
  const without = plan.file.nodes.filter((n) => n.address !== "q/2");
  expect(problems({ ...plan.file, nodes: without })).toEqual([
    "/nodes: Component “participant” has 2 partitions, but no node runs partition 1 of “q”.",
  ]);
});

test("the sum depends on the content alone, not on how it is written", () => {
  const { format, ...rest } = voting.file;
  const reordered = { ...rest, format };
  const made = readPlanFile(reordered);
  expect(made.kind === "ok" && made.plan.sha256).toBe(voting.sha256);
  expect(reread({ ...voting, file: { ...voting.file, seed: 2 } }).sha256).not.toBe(voting.sha256);
});

const file: PlanJson = voting.file;
const first = file.nodes[0]!;

test.each<[string, unknown, string]>([
  ["version", { ...file, version: 2 }, "/version: This file has version 2"],
  [
    "program that does not read",
    { ...file, program: "component a { b(x) :- c(x" },
    "/program: Line 1",
  ],
  ["program with a fault", { ...file, program: "component a { b(y) :- in(x) }" }, "/program: "],
  [
    "component unknown",
    withNode({ component: "chair" }),
    "/nodes/0/component: Node “leader” runs component “chair”",
  ],
  [
    "component placed nowhere",
    { ...file, nodes: [first] },
    "/nodes: No node runs component “participant”.",
  ],
  [
    "address twice",
    { ...file, nodes: [...file.nodes, first] },
    "/nodes/4/address: Address “leader” is used twice.",
  ],
  [
    "address of the clients",
    withNode({ address: "client" }),
    "/nodes/0/address: Address “client” is that of the clients.",
  ],
  [
    "keys of another",
    withNode({ keys: { own: "x", trusted: first.keys.trusted } }),
    "/nodes/0/keys/own: ",
  ],
  ["trust that differs", { ...file, nodes: distrusting() }, "/nodes/2/keys/trusted: "],
  [
    "EDB of another arity",
    { ...file, edb: { ...file.edb, quorum: [[3, 4]] } },
    "/edb/quorum/0: A row of “quorum” has 2 values",
  ],
  [
    "derivation nested without end",
    { ...file, derivation: nested(300) },
    "/derivation: This is nested deeper",
  ],
  ["channel missing", { ...file, channels: file.channels.slice(1) }, "/channels: The channel “"],
  [
    "channel unknown",
    { ...file, channels: [...file.channels, { ...file.channels[0], relation: "x" }] },
    "/channels/4: The program sends no relation “x”.",
  ],
  [
    "routing that does not fit",
    { ...file, channels: [{ ...file.channels[0], to: [] }, ...file.channels.slice(1)] },
    "/channels/0: The routing of",
  ],
  [
    "durable relations of another program",
    { ...file, durable: ["votes"] },
    "/durable: The program's durable relations are none.",
  ],
  [
    "partitions of nothing",
    { ...file, partitions: { chair: 2 } },
    "/partitions/chair: The program has no component “chair”.",
  ],
  [
    "a partition beyond their number",
    withNode({ partition: 0 }),
    "/nodes/0/partition: Node “leader” is partition 0 of component “leader”, which has none.",
  ],
  [
    "clients that do not fit",
    { ...file, clients: { ...file.clients, template: {} } },
    "/clients: ",
  ],
])("refused: %s", (_what, json, expected) => {
  const found = problems(json);
  expect(found.length).toBeGreaterThan(0);
  expect(found[0]).toContain(expected);
});

function nested(depth: number): unknown {
  return depth === 0 ? [] : [nested(depth - 1)];
}

function withNode(change: object): unknown {
  return { ...file, nodes: [{ ...first, ...change }, ...file.nodes.slice(1)] };
}

function distrusting(): unknown {
  return file.nodes.map((n, i) => (i === 2 ? { ...n, keys: { ...n.keys, trusted: [] } } : n));
}

test("a program without a deployment cannot be planned", () => {
  const text = exampleText("voting/base");
  const made = makePlan(analyze(read(text).program), { name: "x", program: text });
  expect(made).toMatchObject({ kind: "problems", problems: [{ pointer: "" }] });
});
