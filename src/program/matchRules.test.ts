import * as fc from "fast-check";
import { expect, test } from "vitest";
import { arbitraryProgram } from "./arbitraryProgram.testing.ts";
import { matchRules } from "./matchRules.ts";
import type { Program, Rule } from "./program.ts";

/** A component of rules, each `head(x) :- literal(x), …`. */
function program(...rules: readonly (readonly [string, ...string[]])[]): Program {
  const counts = new Map<string, number>();
  const read = rules.map(([head, ...body]): Rule => {
    const n = (counts.get(head) ?? 0) + 1;
    counts.set(head, n);
    const terms = [{ kind: "variable", name: "x" }] as const;
    return {
      id: `a/${head}/${n}`,
      head: { relation: head, terms, timing: { kind: "now" } },
      body: body.map((relation) => ({ kind: "relation", negated: false, relation, terms })),
    };
  });
  return { declarations: [], components: [{ name: "a", by: [], declarations: [], rules: read }] };
}

function matched(before: Program, after: Program): Record<string, string> {
  return Object.fromEntries(matchRules(before, after));
}

test("rules keep their identity when one is inserted before them", () => {
  const before = program(["p", "a"], ["p", "b"]);
  const after = program(["p", "new"], ["p", "a"], ["p", "b"]);
  expect(matched(before, after)).toEqual({ "a/p/1": "a/p/2", "a/p/2": "a/p/3" });
});

test("an edited rule is matched with the most alike one of its head", () => {
  const before = program(["p", "a", "b", "c"], ["p", "d", "e", "f"]);
  const after = program(["p", "d", "e", "g"], ["p", "a", "b", "h"]);
  expect(matched(before, after)).toEqual({ "a/p/1": "a/p/2", "a/p/2": "a/p/1" });
});

test("a rule whose body was rewritten altogether is still the rule of that head", () => {
  const before = program(["p", "a"], ["q", "a"]);
  const after = program(["p", "b"], ["q", "a"]);
  expect(matched(before, after)).toEqual({ "a/p/1": "a/p/1", "a/q/1": "a/q/1" });
});

test("a deleted rule has no partner, and takes nobody's", () => {
  const before = program(["p", "a"], ["p", "b"], ["q", "c"]);
  const after = program(["p", "b"]);
  expect(matched(before, after)).toEqual({ "a/p/2": "a/p/1" });
});

test("a renamed relation's rules are the same rules; one that says something else is another relation", () => {
  const before = program(["p", "a"], ["p", "b", "p"], ["q", "p"], ["r", "c"]);
  const after = program(["new", "a"], ["new", "b", "new"], ["q", "new"], ["r", "d"]);
  expect(matched(before, after)).toEqual({
    "a/p/1": "a/new/1",
    "a/p/2": "a/new/2",
    "a/q/1": "a/q/1",
    "a/r/1": "a/r/1",
  });
  const other = program(["new", "a"], ["new", "b", "new"], ["q", "a"], ["r", "c"]);
  expect(matched(before, other)).toEqual({ "a/q/1": "a/q/1", "a/r/1": "a/r/1" });
});

test("equal rules are matched in text order", () => {
  const before = program(["p", "a"], ["p", "a"]);
  expect(matched(before, before)).toEqual({ "a/p/1": "a/p/1", "a/p/2": "a/p/2" });
});

test("a program matches itself, and no rule is matched twice", () => {
  fc.assert(
    fc.property(arbitraryProgram, arbitraryProgram, (a, b) => {
      for (const [from, to] of matchRules(a, a)) expect(sameText(a, from, to)).toBe(true);
      const targets = [...matchRules(a, b).values()];
      expect(new Set(targets).size).toBe(targets.length);
    }),
    { numRuns: 100 },
  );
});

function sameText(p: Program, a: string, b: string): boolean {
  const rules = p.components.flatMap((c) => c.rules);
  const bare = (id: string): string => {
    const { head, body } = rules.find((r) => r.id === id)!;
    return JSON.stringify({ head, body }, (_, v: unknown) => (typeof v === "bigint" ? `${v}n` : v));
  };
  return bare(a) === bare(b);
}
