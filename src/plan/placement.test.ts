import { expect, test } from "vitest";
import { exampleDeployment, exampleText } from "../harness/examplePlan.ts";
import { readPlanFile } from "../harness/readPlanFile.ts";
import { analyze } from "../analysis/analyze.ts";
import { read } from "../syntax/read.ts";
import { readDeployment } from "./deploymentFile.ts";
import { readHosts } from "./hostsFile.ts";
import type { HostJson } from "./hostsFile.ts";
import { elsewhere, placeNodes } from "./placement.ts";
import { makePlan } from "./plan.ts";

function placed(hosts: readonly HostJson[]) {
  const text = exampleText("voting/base");
  const deployment = readDeployment(exampleDeployment("voting/base"));
  if (deployment.kind === "problems") throw new Error("the example has no deployment");
  const made = makePlan(analyze(read(text).program, deployment.deployment), {
    name: "placed",
    program: text,
    hosts,
  });
  if (made.kind === "problems") throw new Error(JSON.stringify(made.problems));
  return made.plan.file;
}

const host = (name: string, cpus?: number): HostJson => ({
  name,
  address: `${name}.example`,
  ...(cpus === undefined ? {} : { cpus }),
});

test("nodes spread over hosts by their cores, and a plan with hosts is read back", () => {
  const even = placed([host("a"), host("b"), host("c"), host("d")]);
  expect(even.nodes.map((n) => n.host)).toEqual(["a", "b", "c", "d"]);
  const uneven = placed([host("a", 1), host("b", 3)]);
  expect(uneven.nodes.filter((n) => n.host === "b")).toHaveLength(3);
  expect(readPlanFile(JSON.parse(JSON.stringify(uneven)))).toMatchObject({ kind: "ok" });
});

test("of hosts that are equally busy, a replica takes the one without another of its kind", () => {
  const hosts = [host("a"), host("b")];
  const [leader, first, second] = placed(hosts).nodes;
  if (!leader || !first || !second) throw new Error("the example has four nodes");
  const nodes = placeNodes([first, leader, second], hosts);
  expect(nodes.map((n) => [n.address, n.host])).toEqual([
    ["participant.1", "a"],
    ["leader", "b"],
    ["participant.2", "b"],
  ]);
});

test("a node on a host that the plan does not have is refused with its place", () => {
  const file = placed([host("a")]);
  const wrong = { ...file, nodes: file.nodes.map((n, i) => (i === 2 ? { ...n, host: "z" } : n)) };
  expect(readPlanFile(wrong)).toMatchObject({
    kind: "problems",
    problems: [{ pointer: "/nodes/2/host" }],
  });
});

test("only this machine is here", () => {
  const [node] = placed([host("a")]).nodes;
  if (node === undefined) throw new Error("no node");
  expect(elsewhere(node, [host("a")])).toBe("“a” (a.example)");
  expect(elsewhere(node, [{ name: "a", address: "127.0.0.1" }])).toBeUndefined();
  expect(elsewhere({ ...node, host: "assign" }, undefined)).toBeUndefined();
  expect(elsewhere({ ...node, host: "far" }, undefined)).toBe("“far”");
});

test.each([
  [{ hosts: [] }, "/hosts"],
  [{ hosts: [host("a"), host("a")] }, "/hosts/1/name"],
  [{ hosts: [host("assign")] }, "/hosts/0/name"],
  [{ hosts: [{ ...host("a"), password: "x" }] }, "/hosts/0/password"],
])("a hosts file that is wrong names the place: %j", (content, pointer) => {
  expect(readHosts({ format: "clew/hosts", version: 1, ...content })).toMatchObject({
    kind: "problems",
    problems: [{ pointer }],
  });
});
