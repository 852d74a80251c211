import { expect, test } from "vitest";
import { address } from "../program/value.ts";
import { applyStep } from "../rewrites/driver.ts";
import type { RewriteName } from "../rewrites/rewrite.ts";
import { checked, movedRules, program, verdictOf } from "./programs.testing.ts";

/** Rules that tell their own node from others, or learn addresses from data, before and after a step. */
interface Addressed {
  readonly name: string;
  readonly rewrite: RewriteName;
  readonly rules: string;
  readonly other: string;
  readonly keys?: Readonly<Record<string, readonly number[]>>;
}

const ECHO = "o2@async(c)(x) <- m(x)";
const OTHERS = "m@async(p)(x) <- a(x), peers(p), !self(p)";

const CASES: readonly Addressed[] = [
  {
    name: "a rule that stays sends to everybody else",
    rewrite: "decoupleMutuallyIndependent",
    rules: `${OTHERS} | o@async(c)(x) <- m(x)`,
    other: ECHO,
  },
  {
    name: "a rule that moves sends to everybody else",
    rewrite: "decoupleMutuallyIndependent",
    rules: `o@async(c)(x) <- m(x) | ${OTHERS}`,
    other: ECHO,
  },
  {
    name: "partitions send to everybody else",
    rewrite: "partitionByCohashing",
    rules: `${OTHERS}; o@async(c)(x) <- m(x)`,
    other: ECHO,
    keys: { a: [0], m: [0] },
  },
  {
    name: "a rule that moves sends to itself if it is a peer",
    rewrite: "decoupleMutuallyIndependent",
    rules: "o@async(c)(x) <- m(x) | m@async(p)(x) <- a(x), peers(p), self(p)",
    other: ECHO,
  },
  {
    name: "an answer goes to an address that came as data",
    rewrite: "decoupleMutuallyIndependent",
    rules:
      "e@async(c)(x) <- a(x) | m@async(d)(x, l) <- b(x), peers(d), self(l), d != l; o@async(c)(x) <- r(x)",
    other: "r@async(l)(x) <- m(x, l)",
  },
  {
    name: "a message goes on to an address that is no node's",
    rewrite: "decoupleMutuallyIndependent",
    rules: "e@async(c)(x) <- a(x); m@async(d)(x) <- a(x), far(d) | o@async(c)(x) <- m(x)",
    other: ECHO,
  },
  {
    name: "partitions send to an address that only the rules know",
    rewrite: "partitionByCohashing",
    rules: "m@async(away)(x) <- a(x); o@async(c)(x) <- m(x)",
    other: ECHO,
    keys: { a: [0], m: [0] },
  },
  {
    name: "an address that was kept is a destination later",
    rewrite: "decoupleMutuallyIndependent",
    rules: "o@async(c)(x) <- m(x) | me(l) <- a(_), self(l); m@async(l)(x) <- a(x), me(l)",
    other: ECHO,
  },
];

test.each(CASES)("$name", ({ rewrite, rules, other, keys }) => {
  const original = program({
    nodes: { L: rules, X: other },
    channels: rules.includes("b(x)") ? { "a/1": "L", "b/1": "L" } : { "a/1": "L" },
    deployment: {
      edb: {
        peers: [[address("L")], [address("X")]],
        far: [[address("elsewhere")], [address("L")]],
      },
    },
  });
  const target =
    keys === undefined
      ? { component: "L", rules: movedRules("L", rules), name: "M" }
      : { component: "L", partitions: 2, keys };
  const step = applyStep(original, { rewrite, target });
  if (step.kind !== "applied") throw new Error(JSON.stringify(step));
  const inputs = rules.includes("b(x)") ? (["a", "b"] as const) : (["a"] as const);
  const facts = inputs.flatMap((name) => [[name, 1] as const, [name, 2] as const]);
  expect(verdictOf(checked(original, step.program, facts))).toBe("refines");
});
