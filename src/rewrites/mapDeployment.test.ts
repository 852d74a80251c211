import { expect, test } from "vitest";
import { address } from "../program/value.ts";
import { afterSteps } from "./cases.testing.ts";
import { example, ruleIds, shippedDerivation } from "./examples.testing.ts";
import { addSiblings, splitInstances } from "./mapDeployment.ts";
import { replay } from "./replay.ts";

const voting = example("voting").deployment!;

test("siblings are named after their originals, and share their EDB, keys and identity", () => {
  const own = { "participant.2": { weight: [[7]] } };
  const trusting = { ...voting, node: own, trusted: { participant: ["leader"] } };
  const { deployment, siblings } = addSiblings(trusting, "participant", "acker");
  expect([...siblings.values()]).toEqual(["acker.1", "acker.2", "acker.3"]);
  expect(deployment.instances["acker"]).toEqual(["acker.1", "acker.2", "acker.3"]);
  expect(deployment.instances["participant"]).toEqual(voting.instances["participant"]);
  expect(deployment.originals["acker.2"]).toBe("participant.2");
  expect(deployment.node["acker.2"]).toEqual(own["participant.2"]);
  expect(deployment.trusted["acker"]).toEqual(["leader"]);
});

test("partitions take their node's place, and share its EDB and identity", () => {
  const own = { "participant.2": { weight: [[7]] } };
  const { deployment } = splitInstances({ ...voting, node: own }, "participant", 2);
  expect(deployment.instances["participant"]).toEqual([
    "participant.1/1",
    "participant.1/2",
    "participant.2/1",
    "participant.2/2",
    "participant.3/1",
    "participant.3/2",
  ]);
  expect(deployment.originals["participant.3/2"]).toBe("participant.3");
  expect(deployment.node).toEqual({
    "participant.2/1": { weight: [[7]] },
    "participant.2/2": { weight: [[7]] },
  });
  expect(deployment.partitions["participant"]).toBe(2);
});

test("a sibling of a partition keeps the original of the node that was partitioned", () => {
  const parts = splitInstances(voting, "participant", 2).deployment;
  const { deployment, siblings } = addSiblings(parts, "participant", "acker");
  expect(siblings.get("participant.2/1")).toBe("acker.2/1");
  expect(deployment.originals["acker.2/1"]).toBe("participant.2");
  expect(deployment.partitions["acker"]).toBe(2);
});

test("an address that is taken already is not given again", () => {
  const busy = { ...voting, instances: { ...voting.instances, other: ["acker.2"] } };
  const { siblings } = addSiblings(busy, "participant", "acker");
  expect([...siblings.values()]).toEqual(["acker.1", "acker.2-2", "acker.3"]);
});

test("the tables of a split name the sibling for each old address and leave every other one alone", () => {
  const p = example("voting");
  const target = { component: "leader", rules: ruleIds(p, 2, 3, 4, 5, 6), name: "collector" };
  const after = afterSteps(p, [{ rewrite: "decoupleMutuallyIndependent", target }]);
  const rows = after.deployment!.edb["fwd_collector"]!;
  const named = (name: string) =>
    rows.filter(([from]) => from === undefined || isAddress(from, name));
  expect(named("leader")).toEqual([[address("leader"), address("collector")]]);
  expect(named("participant.2")).toEqual([[address("participant.2"), address("participant.2")]]);
  expect(named("client")).toHaveLength(1);
});

function isAddress(value: unknown, name: string): boolean {
  return typeof value === "object" && value !== null && "name" in value && value.name === name;
}

test("scaled voting has 26 nodes, and each participant's partitions answer to the name it had", () => {
  const { last } = replay(example("voting"), shippedDerivation("voting", "scaled"), () => "");
  const { instances, edb, partitions, originals } = last.deployment!;
  expect(Object.fromEntries(Object.entries(instances).map(([c, at]) => [c, at.length]))).toEqual({
    leader: 1,
    broadcaster: 5,
    participant: 15,
    collector: 5,
  });
  expect(partitions).toEqual({ broadcaster: 5, participant: 5, collector: 5 });
  expect(new Set(Object.values(originals))).toEqual(
    new Set(["leader", "participant.1", "participant.2", "participant.3"]),
  );
  expect(edb["participants"]).toEqual(voting.edb["participants"]);
  const routes = edb["route_participant"]!.filter(([named]) => isAddress(named, "participant.2"));
  expect(routes.map(([, part, actual]) => [part, actual])).toEqual(
    [0, 1, 2, 3, 4].map((i) => [i, address(`participant.2/${i + 1}`)]),
  );
});
