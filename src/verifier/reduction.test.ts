import * as fc from "fast-check";
import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { checked, program, verdictOf } from "./programs.testing.ts";
import { chainText, inputsOfChain, randomChain } from "./randomChains.testing.ts";

// `checked` fails when the verdicts with and without reduction differ.
const bound = { together: 2, states: 1_000, originalStates: 2_000 };

test("leaving schedules out changes no verdict, on random chains and what is left of them without a rule", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.boolean(), (seed, rule, lockstep) => {
      const { test: chain, made: result } = randomChain(seed);
      if (result === undefined) return;
      const clocks = lockstep ? "lockstep" : "free";
      for (const p of [result.rewritten, withoutRule(result.rewritten, rule)]) {
        if (p.faults.some((fault) => fault.severity === "error")) continue;
        try {
          const inputs = inputsOfChain(result.original, chain.inputs);
          checked(result.original, p, [], { inputs, clocks, bound });
        } catch (error) {
          throw new Error(`${(error as Error).message}\n${chainText(chain)}`, { cause: error });
        }
      }
    }),
    { numRuns: 8 },
  );
});

function withoutRule({ program: whole, deployment }: AnalyzedProgram, n: number): AnalyzedProgram {
  const own = whole.components.filter((c) => c.name !== "K").flatMap((c) => c.rules);
  const gone = own[n % own.length];
  const components = whole.components.map((c) => ({
    ...c,
    rules: c.rules.filter((rule) => rule !== gone),
  }));
  return analyze({ ...whole, components }, deployment);
}

const to = (name: string) => `d := addr("${name}")`;

/** The verdict on a program that shows more than the same without that rule, when a client sends a(1) to S. */
function verdictOnMore(nodes: Record<string, string>, node: string, rule: string): string {
  const less = { ...nodes, [node]: nodes[node]!.replace(rule, "no@async(c)(0) <- zz(0)") };
  const channels = { "a/1": "S" };
  const [original, more] = [program({ nodes: less, channels }), program({ nodes, channels })];
  expect(verdictOf(checked(original, original, [["a", 1]]))).toBe("refines");
  return verdictOf(checked(original, more, [["a", 1]]));
}

/** A and B tell C what they got, and C tells D whether it came together. */
const MEETING = {
  // Whoever takes the first node with something to do takes this one.
  C: `both@async(d)(v) <- l(v), r(v), ${to("D")}; left@async(d)(v) <- l(v), !r(v), ${to("D")}`,
  S: `x@async(d)(v) <- a(v), ${to("A")}; x@async(d)(v) <- a(v), ${to("B")}`,
  A: `l@async(d)(v) <- x(v), ${to("C")}`,
  B: `r@async(d)(v) <- x(v), ${to("C")}`,
  D: "ob@async(c)(v) <- both(v); ol@async(c)(v) <- left(v)",
};

test("what arrives alone, and what arrives together, at a node that others send to is tried", () => {
  expect(verdictOnMore(MEETING, "D", "ol@async(c)(v) <- left(v)")).toBe("safety");
  expect(verdictOnMore(MEETING, "D", "ob@async(c)(v) <- both(v)")).toBe("safety");
});

test("a node that never comes to rest does not put off the others for ever", () => {
  const restless = "f@next(1) <- boot(), !f(1)";
  const shows = "o@async(c)(v) <- x(v)";
  const nodes = { N: restless, S: `x@async(d)(v) <- a(v), ${to("T")}`, T: shows };
  expect(verdictOnMore(nodes, "T", shows)).toBe("safety");
});

test("a third equal message may arrive, though only two are under way at once", () => {
  const middle = `m@async(d)(v) <- x(v), ${to("R")}`;
  const nodes = {
    S: ["A", "B", "C"].map((n) => `x@async(d)(v) <- a(v), ${to(n)}`).join("; "),
    A: middle,
    B: middle,
    C: middle,
    R: `one@next(v) <- m(v); one@next(v) <- one(v); two@next(v) <- m(v), one(v); two@next(v) <- two(v); third@async(c)(v) <- m(v), two(v)`,
  };
  expect(verdictOnMore(nodes, "R", "third@async(c)(v) <- m(v), two(v)")).toBe("safety");
});

test("messages on their way through separate relays are followed in one order only", () => {
  const relay = (next: string) => `m@async(d)(v) <- m(v), ${to(next)}`;
  const nodes = {
    S: `m@async(d)(v) <- a(v), ${to("A1")}; m@async(d)(v) <- a(v), ${to("B1")}`,
    A1: relay("A2"),
    A2: relay("A3"),
    A3: "oa@async(c)(v) <- m(v)",
    B1: relay("B2"),
    B2: relay("B3"),
    B3: "ob@async(c)(v) <- m(v)",
  };
  const p = program({ nodes, channels: { "a/1": "S" } });
  const every = checked(p, p, [["a", 1]], { reduced: false });
  const fewer = checked(p, p, [["a", 1]], { reduced: true });
  expect([every.kind, fewer.kind]).toEqual(["refines", "refines"]);
  // Nothing sent; three places or gone, for each of two messages.
  expect(every.explored).toBe(1 + 4 * 4);
  expect(fewer.explored).toBeLessThan(every.explored);
});
