import { expect, test } from "vitest";
import { bytes } from "../program/value.ts";
import type { Fault } from "../simulator/faults.ts";
import { faultsText } from "../simulator/faultsJson.ts";
import { readFaults } from "./faultsFile.ts";

const message = {
  from: "client",
  to: "leader",
  relation: "in",
  row: [1, bytes("0a")],
  occurrence: 0,
};

test("what the app saves is read back as it was", () => {
  const faults: readonly Fault[] = [
    { kind: "delay", message, by: 20 },
    { kind: "lose", message },
    { kind: "duplicate", message, after: 5 },
    { kind: "cut", at: 3, from: "a", to: "b", bothWays: true },
    { kind: "heal", at: 5, from: "a", to: "b", bothWays: true },
    { kind: "pause", at: 1, node: "a" },
    { kind: "resume", at: 2, node: "a" },
    { kind: "crash", at: 9, node: "a" },
  ];
  const branches = [{ at: 4.5, faults, seed: 7 }];
  expect(readFaults(JSON.parse(faultsText(faults, branches)))).toEqual({ faults, branches });
});

function file(faults: readonly object[], branches?: readonly object[]): unknown {
  return { format: "clew/faults", version: 1, faults, ...(branches && { branches }) };
}

test("a cut or a pause may last between two times", () => {
  const read = readFaults(
    file([
      { kind: "cut", between: [1, 4], from: "a", to: "b" },
      { kind: "pause", between: [2, 3], node: "a" },
    ]),
  );
  expect(read).toMatchObject({
    faults: [
      { kind: "cut", at: 1, bothWays: false },
      { kind: "heal", at: 4, bothWays: false },
      { kind: "pause", at: 2 },
      { kind: "resume", at: 3 },
    ],
  });
});

test.each([
  [file([{ kind: "pause", node: "a" }]), "/faults/0"],
  [file([{ kind: "pause", node: "a", between: [3, 1] }]), "/faults/0"],
  [file([{ kind: "pause", node: "a", at: 1, between: [1, 3] }]), "/faults/0"],
  [file([{ kind: "melt", node: "a", at: 1 }]), "/faults/0/kind"],
  [file([{ kind: "crash", node: "a", at: 1, by: 2 }]), "/faults/0/by"],
  [
    file(
      [],
      [
        { at: 5, faults: [] },
        { at: 4, faults: [] },
      ],
    ),
    "/branches/1/at",
  ],
  [{ format: "clew/trace", version: 1 }, "/format"],
])("what is wrong is said with its place: %j", (json, pointer) => {
  const read = readFaults(json);
  expect("problems" in read && read.problems.map((p) => p.pointer)).toEqual([pointer]);
});
