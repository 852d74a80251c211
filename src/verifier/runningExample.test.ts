import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { address, bytes } from "../program/value.ts";
import { readDerivation } from "../rewrites/derivation.ts";
import { applyStep } from "../rewrites/driver.ts";
import { checked, program, verdictOf } from "./programs.testing.ts";

const folder = new URL("../../public/examples/kvs/", import.meta.url);
const text = (file: string): string => readFileSync(new URL(file, folder), "utf8");

/** The leader alone: clients and storage nodes are the environment. Two storage nodes keep the states few. */
function leader() {
  const [, rules = ""] = /component leader \{([^}]*)\}/.exec(text("base.ded")) ?? [];
  return program({
    nodes: { leader: rules },
    channels: { "in/1": "leader", "fromStorage/4": "leader" },
    deployment: {
      edb: {
        storageNodes: [[address("p1")], [address("p2")]],
        numNodes: [[2]],
        client: [[address("c")]],
      },
    },
  });
}

const sig = bytes("01");
const INPUTS = [
  ["in", "v"],
  ["fromStorage", "p1", sig, "v", 1],
  ["fromStorage", "p2", sig, "v", 1],
  ["fromStorage", "p2", sig, "v", 2],
] as const;

test.each(["mutuallyIndependent", "monotonic", "functional", "cohashing"])(
  "the running example's leader, %s: the program at the end refines",
  (name) => {
    const read = readDerivation(JSON.parse(text(`${name}.derivation.json`)));
    if (!("derivation" in read)) throw new Error(JSON.stringify(read));
    const original = leader();
    let now = original;
    for (const step of read.derivation.steps) {
      if (step.rewrite === "by-hand") throw new Error("a figure has no steps by hand");
      const done = applyStep(now, step);
      if (done.kind !== "applied") throw new Error(JSON.stringify(done));
      now = done.program;
    }
    const found = checked(original, now, INPUTS, { bound: { together: 2 } });
    expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
    // At least every set of inputs sent so far is a state of its own.
    expect(found.explored).toBeGreaterThanOrEqual(2 ** INPUTS.length);
  },
);
