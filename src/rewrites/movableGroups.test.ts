import { expect, test } from "vitest";
import type { RuleId } from "../program/program.ts";
import { caseProgram } from "./cases.testing.ts";
import type { CaseText } from "./cases.testing.ts";
import { applyStep, offers } from "./driver.ts";
import { example } from "./examples.testing.ts";
import { movableGroups, SPLITS } from "./movableGroups.ts";

const CASES: readonly CaseText[] = [
  // Two groups that share nothing, and one rule that joins what two others derive.
  { rules: "r(x)<-a(x); o@async(c)(x)<-r(x); s(x)<-b(x); t(x)<-b(x); p@async(c)(x)<-s(x),t(x)" },
  // Kept facts read by two rules, a count among them.
  {
    rules:
      "k(s,v)<-in(s,v); k@next(s,v)<-k(s,v); n(count<s>,v)<-k(s,v); o@async(c)(n,v)<-n(n,v); q@async(c)(v)<-k(s,v),k(t,v),s!=t",
  },
  { rules: "o@async(c)(x,y)<-a(x),b(y); e@async(c)(x)<-a(x)" },
];

function groupsOf(p: Parameters<typeof movableGroups>[0], component: string) {
  const work = movableGroups(p, component);
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

/** All subsets of the rules, each judged: the maximal ones that a rewrite moves. */
function maximalByTrying(p: Parameters<typeof movableGroups>[0], component: string): string[] {
  const ids = p.program.components.find(({ name }) => name === component)!.rules.map((r) => r.id);
  return SPLITS.flatMap((rewrite) => {
    const legal = new Map<string, readonly RuleId[]>();
    for (let mask = 1; mask < 1 << ids.length; mask++) {
      const rules = ids.filter((_, i) => (mask >> i) & 1);
      const [offer] = offers(p, { component, rules }, undefined, [rewrite]);
      if (offer === undefined || offer.verdict === "violated") continue;
      const moved = (offer.steps.at(-1)!.target as { readonly rules: readonly RuleId[] }).rules;
      legal.set(moved.join(), moved);
    }
    const sets = [...legal.values()];
    const isInside = (a: readonly RuleId[], b: readonly RuleId[]) =>
      a.length < b.length && a.every((rule) => b.includes(rule));
    return sets.filter((a) => !sets.some((b) => isInside(a, b))).map((rules) => rules.join());
  });
}

test.each([
  ...CASES.map((text) => [text.rules, caseProgram(text).program, "L"] as const),
  ["voting", example("voting"), "leader"] as const,
])("%s: the groups are all maximal ones that trying every subset finds", (_, p, component) => {
  const found = groupsOf(p, component).map(({ rules }) => rules.join());
  expect([...found].sort()).toEqual([...new Set(maximalByTrying(p, component))].sort());
});

test("what a group's offer says is what the driver does", () => {
  const p = example("kvs");
  const groups = groupsOf(p, "leader");
  expect(groups.map(({ rules }) => rules.map((r) => p.rules.get(r)!.number).join())).toEqual([
    "3,4,5,6,7,8",
    "1,2,7",
    "1,2,8",
  ]);
  for (const { offer } of groups) {
    let program = p;
    for (const step of offer.steps) {
      const result = applyStep(program, step);
      if (result.kind !== "applied") throw new Error(JSON.stringify(result));
      program = result.program;
    }
  }
});
