import { expect, test } from "vitest";
import type { Term } from "../program/program.ts";
import type { NormalLiteral } from "./normalRules.ts";
import { plan } from "./plan.ts";
import { NEW } from "./table.ts";

const variable = (i: number): Term & { readonly kind: "variable" } => ({
  kind: "variable",
  name: `x${i}`,
});

/** `x1 := x0 + 1, x2 := x1 + 1, …` */
function chain(length: number): readonly NormalLiteral[] {
  return Array.from({ length }, (_, i): NormalLiteral => {
    const right: Term = { kind: "constant", value: 1 };
    const value: Term = { kind: "arithmetic", operator: "+", left: variable(i), right };
    return { kind: "assign", variable: `x${i + 1}`, value };
  });
}

/** How often the planner asks a literal for something. */
function asked(literals: readonly NormalLiteral[], head: number): number {
  let count = 0;
  const counted = literals.map(
    (literal) =>
      new Proxy(literal, {
        get(target, property, receiver): unknown {
          count++;
          return Reflect.get(target, property, receiver);
        },
      }),
  );
  const found = plan({
    driver: [variable(0)],
    literals: counted.map((literal) => ({ literal, view: NEW })),
    head: [variable(head)],
    over: [],
    stored: new Set(["x0"]),
    told: new Set(["x0"]),
    once: false,
  });
  expect(found.steps.length).toBe(literals.length);
  return count;
}

test("twice as many assignments, each of what the one before gives, take four times the work to plan", () => {
  expect(asked(chain(80), 80) / asked(chain(40), 40)).toBeLessThan(5);
});
