import { expect, test } from "vitest";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { outcome } from "../rewrites/cases.testing.ts";
import { REFUSAL_CODES } from "../rewrites/conditions.ts";
import { applyStep } from "../rewrites/driver.ts";
import { forceStep } from "../rewrites/force.ts";
import type { StepRequest } from "../rewrites/rewrite.ts";
import { SMALLEST_PROGRAMS } from "../rewrites/smallestPrograms.ts";
import { refines } from "../verifier/refines.ts";
import { caseProgram, movedRules } from "./caseProgram.ts";
import { forcedRefinement, whyNot } from "./whyNot.ts";
import type { RecordedRun } from "./whyNotApi.ts";

test.each(SMALLEST_PROGRAMS)("$rewrite is refused for $code; forced, it goes wrong", (smallest) => {
  const { original, request, refinement } = forcedRefinement(smallest);
  const refused = outcome(applyStep(original, request));
  const isLockstep = smallest.code === "tick-sensitive";
  expect(refused.split(" ")).toContain(isLockstep ? "lockstep" : smallest.code);
  expect(refinement.kind, JSON.stringify(refinement)).toBe("counterexample");

  const shown = whyNot(smallest.code)!;
  expect(outputsOf(shown.forcedRun)).toEqual(expect.arrayContaining([...shown.last]));
  // What is said to be missing was given by the original run, and not by the forced one.
  for (const output of shown.missing) {
    expect(outputsOf(shown.originalRun)).toContain(output);
    expect(outputsOf(shown.forcedRun)).not.toContain(output);
  }
  expect(shown.last.length + shown.missing.length).toBeGreaterThan(0);
});

test("client-input, forced: what clients send finds nobody", () => {
  const rules = "e@async(c)(x) <- a(x) | o@async(c)(x) <- cl(x)";
  const original = caseProgram({ nodes: { L: rules }, channels: { "a/1": "L" } });
  const request: StepRequest = {
    rewrite: "decoupleMutuallyIndependent",
    target: { component: "L", rules: movedRules("L", rules), name: "M" },
  };
  expect(outcome(applyStep(original, request))).toBe("client-input");
  const forced = forceStep(original, request);
  if (typeof forced === "string") throw new Error(forced);
  const found = refines(original, forced, {
    inputs: [{ relation: "cl", row: [1], to: "L" }],
    clocks: "free",
    observer: "first",
    environment: ["K"],
    functions: standardFunctions(nobleCrypto),
    crypto: nobleCrypto,
  });
  expect(found).toMatchObject({ violation: "quiescence" });
});

test("the runs beside each other: a pair of facts that miss each other", () => {
  const shown = whyNot("two-reads")!;
  expect(shown.original).toContain("r(x, a), r(x, b), a != b");
  expect(shown.forced).toMatch(/component L \{[^]*component M \{/);
  expect(shown.originalRun.lanes).toEqual(["client", "L"]);
  expect(shown.originalRun.arrows.map(({ text }) => text)).toEqual(["in(1)", "o(1)"]);
  const { lanes, arrows } = shown.forcedRun;
  expect(lanes).toEqual(["client", "L", "M"]);
  expect(arrows.filter(({ to }) => to === 2).every((a) => a.arrivedAt !== undefined)).toBe(true);
  expect(shown.missing).toEqual(["o(1)"]);
});

test("a crash takes what is on its way, and what the original keeps over it never comes", () => {
  const shown = whyNot("durable-copy")!;
  expect(shown.original).toContain("k(x)@next :- k(x)");
  expect(shown.inputs).toEqual(["w(1)"]);
  expect(shown.violation).toBe("quiescence");
  expect(shown.missing).toEqual(["o(1)"]);
  // What it keeps is told again after the crash.
  expect(outputsOf(shown.originalRun)).toEqual(["e(1)", "o(1)", "o(1)"]);
  expect(outputsOf(shown.forcedRun)).toEqual(["e(1)"]);
  const { crashes, lanes, arrows } = shown.forcedRun;
  expect(crashes.map((crash) => crash.lanes.map((lane) => lanes[lane]))).toEqual([["L", "M"]]);
  const lost = arrows.filter((arrow) => arrow.lost);
  expect(lost.map(({ from, to, arrivedAt }) => [lanes[from], lanes[to], arrivedAt])).toEqual([
    ["L", "M", crashes[0]!.moment],
  ]);
});

test("for each other condition there is a reason why no run is shown", () => {
  const without: Readonly<Record<string, string>> = {
    "client-input": "clients send to the node itself; the test above",
    "tick-as-data": "the number of the tick grows for ever, so that no search ends",
    "non-deterministic": "chance has no schedule",
    unroutable: "a message without an address cannot be sent",
    "undeclared-dependency": "a key that nobody can compute cannot be sent to",
    "untrue-dependency": "the step changes nothing that runs",
    "seal-receiver": "clients of whom we know nothing would be shown",
    "tick-local-dependency": "it takes a forger",
    "unchecked-field": "it takes a forger",
    "seal-trigger": "the receiver would wait for ever for shares that nobody sends",
  };
  const shown = SMALLEST_PROGRAMS.map(({ code }) => code);
  const missing = REFUSAL_CODES.filter((code) => !shown.includes(code));
  expect([...missing].sort()).toEqual(Object.keys(without).sort());
});

function outputsOf({ arrows }: RecordedRun): readonly string[] {
  return arrows.filter(({ to }) => to === 0).map(({ text }) => text);
}
