import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { REFUSAL_CODES } from "./conditions.ts";
import { applyStep } from "./driver.ts";
import { example, ruleIds } from "./examples.testing.ts";
import { EXPLAINED } from "./explainedConditions.testing.ts";
import { MENDED } from "./mendedConditions.testing.ts";
import { remedies, remediesAtOnce } from "./remedies.ts";
import type { Remedy } from "./remedy.ts";
import type { Chain, StepRequest } from "./rewrite.ts";
import { posedAsMended } from "./rewritesPage.testing.ts";

const MENDINGS = EXPLAINED.flatMap((condition) => {
  const mending = MENDED[condition.code];
  if (mending === undefined || "never" in mending) return [];
  return mending.map((mended) => ({ code: condition.code, condition, mended, by: mended.by }));
});

test.each(MENDINGS)("refused with $code, mended: $by", ({ code, condition, mended, by }) => {
  const { program, request } = posedAsMended(condition, mended);
  const before = applyStep(program, request, mended.chain);
  expect(before.kind === "refused" && before.verdict).toBe("violated");
  const against = before.kind === "refused" ? before.preconditions : [];
  expect(against.filter((c) => c.verdict === "violated").map((c) => c.code)).toContain(code);
  const found = remediesAtOnce(program, request, mended.chain).find(({ kind }) => kind === by);
  expect(found?.sentence).toMatch(/^[A-Z`].*\.$/);
  expect(verdictAfter(program, found!, mended.chain)).toBe(found!.verdict);
});

test("every code is mended, or says why it cannot be", () => {
  expect(Object.keys(MENDED).toSorted()).toEqual([...REFUSAL_CODES].toSorted());
});

test.each(
  EXPLAINED.filter(
    ({ code, verdict }) => verdict === "violated" && "never" in (MENDED[code] ?? {}),
  ),
)("refused with $code: nothing is promised", (condition) => {
  const { program, request } = posedAsMended(condition, { by: "prepare" });
  expect(remediesAtOnce(program, request)).toEqual([]);
});

test.each([
  ["voting", 3],
  ["kvs", 3],
] as const)("%s: what is told of every refused step is so", (name, most) => {
  const p = example(name);
  const { rules } = p.program.components[0]!;
  const component = p.program.components[0]!.name;
  for (const rule of rules) {
    for (const rewrite of ["decoupleMutuallyIndependent", "decoupleStateMachine"] as const) {
      const request: StepRequest = {
        rewrite,
        target: { component, rules: [rule.id], name: "aside" },
      };
      const found = remediesAtOnce(p, request);
      expect(found.length).toBeLessThanOrEqual(most);
      for (const remedy of found) expect(verdictAfter(p, remedy)).toBe(remedy.verdict);
    }
  }
});

test("which rules have to come along", () => {
  const p = example("kvs");
  const rules = ruleIds(p, 7);
  const target = { component: "leader", rules, name: "collector" };
  const [along] = remediesAtOnce(p, { rewrite: "decoupleMutuallyIndependent", target });
  expect(along?.sentence).toBe("Rules 3 to 8 can move together.");
  expect(along?.rules).toEqual(ruleIds(p, 3, 4, 5, 6, 7, 8));
});

test("what clients send to is partitioned after the rules that they do not send to have moved", () => {
  const p = example("voting");
  const keys = { in: [0], voteReq: [0], votes: [1], vote: [1], committed: [0], numVotes: [1] };
  const known = Object.fromEntries(
    Object.entries(keys).filter(([relation]) =>
      ["in", "vote", "votes", "numVotes", "committed"].includes(relation),
    ),
  );
  const request: StepRequest = {
    rewrite: "partitionByCohashing",
    target: { component: "leader", partitions: 3, keys: known },
  };
  const [first] = remediesAtOnce(p, request);
  expect(first?.sentence).toBe(
    "Rules 2 to 6 can move to collector first, by mutually independent decoupling; then collector → 3 partitions by id works.",
  );
  expect(verdictAfter(p, first!)).toBe("holds");
});

test("a search can be given up at any time, and what is not refused has no remedies", () => {
  const p = example("voting");
  const rules = ruleIds(p, 5);
  const target = { component: "leader", rules, name: "aside" };
  const work = remedies(p, { rewrite: "decoupleMutuallyIndependent", target });
  expect(work.next().done).toBe(false);
  const fine = { component: "leader", rules: ruleIds(p, 2, 3, 4, 5, 6), name: "collector" };
  const request: StepRequest = { rewrite: "decoupleMutuallyIndependent", target: fine };
  expect(remediesAtOnce(p, request)).toEqual([]);
});

/** Takes a remedy's steps with the driver, after its declarations. */
function verdictAfter(p: AnalyzedProgram, { declare, first, step }: Remedy, chain?: Chain) {
  const { program, deployment } = p;
  let at =
    declare === undefined
      ? p
      : analyze({ ...program, declarations: [...program.declarations, ...declare] }, deployment);
  for (const before of first) {
    const result = applyStep(at, before, chain);
    if (result.kind !== "applied") return result.kind;
    at = result.program;
  }
  const last = applyStep(at, { ...step, waiver: "tick-counts" }, chain);
  return last.kind === "applied" ? last.verdict : last.kind;
}
