import { expect, test } from "vitest";
import { compile } from "../evaluator/compile.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { example } from "../rewrites/examples.testing.ts";
import { busiestOfProgram } from "./busiestAfter.ts";
import { rankedGroups } from "./rankedGroups.ts";

const engines = { engine: compile, functions: standardFunctions(nobleCrypto), crypto: nobleCrypto };

test("voting's leader: what takes most off the busiest node comes first", () => {
  const p = example("voting");
  const before = busiestOfProgram(p, engines)!;
  const work = rankedGroups(p, "leader", engines);
  let next = work.next();
  while (next.done !== true) next = work.next();
  const groups = next.value.map(({ rules, busiest }) => [
    rules.map((rule) => p.rules.get(rule)!.number).join(),
    busiest?.messagesPerCommand,
  ]);
  // In: a command and three votes; out: three requests and an answer.
  expect(before).toEqual({ address: "leader", messagesPerCommand: 8 });
  expect(groups.map(([rules]) => rules)).toEqual(["2,3,4,5,6", "1,6"]);
  const loads = groups.map(([, load]) => load as number);
  expect(loads[0]).toBeLessThan(before.messagesPerCommand);
  expect(loads).toEqual(loads.toSorted((a, b) => a - b));
});

test("without a deployment the groups are there, unmeasured", () => {
  const p = { ...example("voting"), deployment: undefined };
  const work = rankedGroups(p, "leader", engines);
  let next = work.next();
  while (next.done !== true) next = work.next();
  expect(next.value.length).toBeGreaterThan(0);
  expect(next.value.every(({ busiest }) => busiest === undefined)).toBe(true);
});
