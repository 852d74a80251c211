import { expect, test } from "vitest";
import { mollySettings } from "./mollyScenario.ts";
import type { MollyOptions } from "./mollyScenario.ts";

test("nodes are those that the program names, and more when told; a scenario is read in Molly's words", () => {
  expect(mollySettings({}, ["a", "b"])).toEqual({
    nodes: ["a", "b"],
    eot: 3,
    eff: 3,
    scenario: { crashes: [], losses: [] },
  });
  const options = {
    nodes: "b, a,a:1",
    eot: "6",
    eff: "4",
    crashes: "b@2, a@6",
    omissions: "a:1:b@3,b:a:1@1",
  };
  expect(mollySettings(options, ["a", "b"])).toEqual({
    nodes: ["b", "a", "a:1"],
    eot: 6,
    eff: 4,
    scenario: {
      crashes: [
        { node: "b", tick: 2 },
        { node: "a", tick: 6 },
      ],
      losses: [
        { from: "a:1", to: "b", tick: 3 },
        { from: "b", to: "a:1", tick: 1 },
      ],
    },
  });
});

test.each<[MollyOptions, string]>([
  [{ nodes: "a" }, "--nodes leaves out b, which the program names."],
  [{ nodes: "a,,b" }, '--nodes takes names with commas between them, not "a,,b".'],
  [{ eot: "0" }, '--eot takes a whole number from 1 to 1000, not "0".'],
  [{ eot: "4", eff: "5" }, '--eff takes a whole number from 1 to 4, not "5".'],
  [{ crashes: "1" }, '--crashes takes who crashes and when, as c@2 or b@1,c@2, not "1".'],
  [{ crashes: "z@1" }, "--crashes: there is no node z; there are a, b."],
  [{ crashes: "a@4" }, "--crashes: a@4 is outside of the run, ticks 1 to 3 (--eot)."],
  [
    { omissions: "a:b" },
    '--omissions takes sender, receiver and tick, as a:b@1 or a:b@1,a:c@2, not "a:b".',
  ],
  [{ omissions: "a:z@1" }, "--omissions: a:z is not two nodes, as a:b; there are a, b."],
  [{ omissions: "a:a@1" }, "--omissions: what a sends to itself always arrives."],
  [
    { eff: "2", omissions: "a:b@2" },
    "--omissions: a:b@2 cannot be: messages are lost from tick 1 on and before tick 2 (--eff, else --eot).",
  ],
])("%o is wrong usage, and one sentence says so", (options, sentence) => {
  let said: unknown;
  try {
    mollySettings(options, ["a", "b"]);
  } catch (error) {
    said = error;
  }
  expect(said).toMatchObject({ message: sentence, exitCode: 2 });
});

test("a program that names no node is asked for them", () => {
  expect(() => mollySettings({}, [])).toThrow("--nodes a,b,c");
  expect(mollySettings({ nodes: "a" }, []).nodes).toEqual(["a"]);
});
