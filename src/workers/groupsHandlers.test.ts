import { expect, test } from "vitest";
import { example } from "../rewrites/examples.testing.ts";
import type { FoundGroups } from "./groupsApi.ts";
import { groupsHandlers } from "./groupsHandlers.ts";

const { program, deployment } = example("voting");
const request = { program, deployment, chain: { lockstep: false } };

test("groups come component by component, then keys, with what they do to the busiest node", async () => {
  const said: FoundGroups[] = [];
  const { signal } = new AbortController();
  const found = await groupsHandlers.groups(request, { progress: (now) => said.push(now), signal });
  expect(found.before).toBe(8);
  expect(found.groups[0]).toMatchObject({
    component: "leader",
    words: "rules 2 to 6",
    rewrite: "Mutually independent decoupling",
    verdict: "holds",
    inserted: 0,
    after: 4,
  });
  expect(found.keys.map(({ words }) => words)).toEqual([
    "participant → 3 partitions by id",
    "participant → 3 partitions by x",
    "participant → 3 partitions by id and x",
  ]);
  // A request and a vote for each command, before.
  expect(found.keys[0]).toMatchObject({ component: "participant", after: 8, own: { before: 2 } });
  expect(said.map(({ groups, keys }) => [groups.length, keys.length])).toEqual([
    [found.groups.length, 0],
    [found.groups.length, 0],
    [found.groups.length, 3],
  ]);
  expect(said.at(-1)).toEqual(found);
});

test("a search that is cancelled ends", async () => {
  const controller = new AbortController();
  const search = groupsHandlers.groups(request, {
    progress: () => undefined,
    signal: controller.signal,
  });
  controller.abort();
  await expect(search).rejects.toThrow("cancelled");
});
