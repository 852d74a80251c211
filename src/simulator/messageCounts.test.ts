import { expect, test } from "vitest";
import { example, referenceEngines } from "./examples.testing.ts";
import { busiestNode } from "./messageCounts.ts";

test("voting's busiest node is its leader: a request, three asks, three votes and a reply", () => {
  const busiest = busiestNode(example("voting"), referenceEngines)!;
  expect(busiest).toMatchObject({ address: "leader", component: "leader", answered: 100 });
  expect(busiest.messagesPerCommand).toBe(8);
  expect(busiest.perNode.slice(1).map((n) => n.in + n.out)).toEqual([200, 200, 200]);
});
