import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { address } from "../program/value.ts";
import { applyStep } from "../rewrites/driver.ts";
import { checked, program, verdictOf } from "./programs.testing.ts";

const text = readFileSync(new URL("../../public/examples/kvs/base.ded", import.meta.url), "utf8");

/** The storage node alone, without its signatures; a hash of few bits, so that two of the values collide. */
function storage() {
  const [, rules = ""] = /component storage \{([^}]*)\}/.exec(text) ?? [];
  const small = rules
    .replaceAll(", 16, h)", ", 1, h)")
    .replace("verify(val, sig)", "sig == 1")
    .replace("sign(val, sig)", "sig := 2");
  return program({
    nodes: { storage: small },
    channels: { "toStorage/2": "storage" },
    deployment: { edb: { leader: [[address("p1")]] } },
  });
}

const hash = { function: "hash", of: [0, { value: 1 }] };
const INPUTS = [
  ["toStorage", "v1", 1],
  ["toStorage", "v2", 1],
  ["toStorage", "v3", 1],
] as const;

test("the storage node by the hash of its values (Figure 6) refines", () => {
  const original = storage();
  const keys = {
    toStorage: [hash],
    good: [hash],
    hashset: [0],
    collisions: [1],
    numCollisions: [1],
  };
  const target = { component: "storage", partitions: 2, keys };
  const step = applyStep(original, { rewrite: "partitionWithDependencies", target });
  if (step.kind !== "applied") throw new Error(JSON.stringify(step));
  expect(step.verdict).toBe("holds");
  const found = checked(original, step.program, INPUTS, { bound: { together: 2 } });
  expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
  expect(found.explored).toBeGreaterThanOrEqual(2 ** INPUTS.length);
});
