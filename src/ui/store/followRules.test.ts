import { expect, test } from "vitest";
import { rulesAfter, rulesBefore } from "./followRules.ts";
import type { Origins } from "./followRules.ts";

const COPIED: Origins = [
  ["a/p/1", { kind: "kept", from: "a/p/1" }],
  ["a/copy/1", { kind: "added", because: "copy" }],
  ["a/q/1", { kind: "changed", from: ["a/q/1"], because: "reads the copy" }],
];
const MOVED: Origins = [
  ["a/p/1", { kind: "kept", from: "a/p/1" }],
  ["a/copy/1", { kind: "changed", from: ["a/copy/1"], because: "sends" }],
  ["b/q/1", { kind: "kept", from: "a/q/1" }],
];

test("a selected rule is followed into the component it moved to, and back", () => {
  expect(rulesAfter(["a/q/1"], [COPIED, MOVED])).toEqual(["b/q/1"]);
  expect(rulesBefore(["b/q/1"], [COPIED, MOVED])).toEqual(["a/q/1"]);
});

test("a rule that a step added was nothing before it", () => {
  expect(rulesBefore(["a/copy/1"], [COPIED])).toEqual([]);
});

test("no step, no change", () => {
  expect(rulesAfter(["a/p/1"], [])).toEqual(["a/p/1"]);
});
