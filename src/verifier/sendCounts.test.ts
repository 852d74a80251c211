import { expect, test } from "vitest";
import { applyStep } from "../rewrites/driver.ts";
import { checked, movedRules, program, verdictOf } from "./programs.testing.ts";

/** Tells clients when an `o` arrives again. */
const COUNTS = "seen@next(x) <- o(x); seen@next(x) <- seen(x); t@async(c)(x) <- o(x), seen(x)";

test("MULT: a relation of one tick between what arrives and what is sent changes no count", () => {
  const rules =
    "r(x, y) <- a(x, y); e@async(c)(x) <- b(x) | s(y, x) <- r(x, y); o@async(X)(x) <- s(1, x)";
  const original = program({
    nodes: { L: rules, X: COUNTS },
    channels: { "a/2": "L", "b/1": "L" },
  });
  const target = { component: "L", rules: movedRules("L", rules), name: "M" };
  const step = applyStep(original, { rewrite: "decoupleFunctional", target });
  if (step.kind !== "applied") throw new Error(JSON.stringify(step));
  const inputs = [
    ["a", 1, 1],
    ["a", 1, 2],
    ["a", 2, 1],
    ["b", 1],
  ] as const;
  expect(verdictOf(checked(original, step.program, inputs))).toBe("refines");
});
