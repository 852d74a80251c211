import { expect, test } from "vitest";
import { example } from "../simulator/examples.testing.ts";
import { fewerNodes } from "./fewerNodes.ts";

const pbft = example("pbft");

test("rows that name a node that is gone go with it, and numbers say what they are told", () => {
  const small = fewerNodes(pbft, ["leader", "replica.1"], { quorum: 1, numReplicas: 1 });
  if (typeof small === "string") throw new Error(small);
  const { instances, edb, node } = small.deployment!;
  expect(instances).toEqual({ leader: ["leader"], replica: ["replica.1"] });
  expect([edb["quorum"], edb["numReplicas"]]).toEqual([[[1]], [[1]]]);
  expect(JSON.stringify({ edb, node })).not.toContain("replica.2");
  expect(JSON.stringify(pbft.deployment)).toContain("replica.2");
});

test("what there is not is said", () => {
  expect(fewerNodes(pbft, ["leader", "x"])).toContain("There is no node `x`; there is `leader`, ");
  expect(fewerNodes(pbft, ["leader"], { leaders: 1 })).toContain("gives `leaders` no single");
});
