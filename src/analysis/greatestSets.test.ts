import { array, assert, constantFrom, property, record, subarray } from "fast-check";
import { expect, test } from "vitest";
import type { HeadTerm, Program, RelationLiteral, Rule, Term } from "../program/program.ts";
import { analyze } from "./analyze.ts";
import { existence } from "./existence.ts";
import { logicallyPersisted } from "./persistence.ts";
import { keptAndSettled, notBeforeInput } from "./settled.ts";

/** Inputs a and b, EDB d, and four relations of the component's own, all of one attribute. */
const LOCAL = ["p", "q", "r", "s"];
const READ = ["a", "b", "d", ...LOCAL];

const x: Term = { kind: "variable", name: "x" };

interface Sketch {
  readonly head: string;
  readonly timing: "now" | "next";
  readonly counts: boolean;
  readonly body: readonly { readonly relation: string; readonly negated: boolean }[];
}

const sketches = array(
  record({
    head: constantFrom(...LOCAL),
    timing: constantFrom("now" as const, "next" as const),
    counts: constantFrom(false, false, false, true),
    body: array(
      record({
        relation: constantFrom(...READ),
        negated: constantFrom(false, false, true),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  }),
  { minLength: 3, maxLength: 8 },
);

/** Each local relation may be persisted too, so that kept state is common. */
const programs = record({ rules: sketches, kept: subarray(LOCAL) });

function programOf(rules: readonly Sketch[], kept: readonly string[]): Program {
  const persistence = kept.map((head): Sketch => ({
    head,
    timing: "next",
    counts: false,
    body: [{ relation: head, negated: false }],
  }));
  const all = [...rules, ...persistence].map((sketch, i): Rule => {
    const counted: HeadTerm = { kind: "aggregate", operator: "count", over: ["x"] };
    return {
      id: `main/${sketch.head}/${i}`,
      head: {
        relation: sketch.head,
        terms: [sketch.counts && sketch.timing === "now" ? counted : x],
        timing: { kind: sketch.timing },
      },
      body: sketch.body.map((l): RelationLiteral => ({ kind: "relation", ...l, terms: [x] })),
    };
  });
  const edb = {
    kind: "relation",
    role: "edb",
    relation: "d",
    attributes: [{ name: "x" }],
  } as const;
  return {
    declarations: [edb],
    components: [{ name: "main", by: [], declarations: [], rules: all }],
  };
}

type Names = ReadonlySet<string>;

/** The union of all sets whose members all satisfy the definition given the set itself. */
function greatest(
  candidates: readonly string[],
  belongs: (relation: string, set: Names) => boolean,
): readonly string[] {
  const union = new Set<string>();
  for (let bits = 0; bits < 2 ** candidates.length; bits++) {
    const set = new Set(candidates.filter((_, i) => (bits >> i) % 2 === 1));
    if ([...set].every((relation) => belongs(relation, set))) for (const r of set) union.add(r);
  }
  return [...union].sort();
}

function isExactPersistence(rule: Rule): boolean {
  const [only, ...others] = rule.body;
  return (
    rule.head.timing.kind === "next" &&
    others.length === 0 &&
    only?.kind === "relation" &&
    !only.negated &&
    only.relation === rule.head.relation &&
    rule.head.terms[0]!.kind === "variable"
  );
}

const literalsOf = (rule: Rule): readonly RelationLiteral[] =>
  rule.body.filter((l) => l.kind === "relation");
const idbOf = (rule: Rule): readonly RelationLiteral[] =>
  literalsOf(rule).filter((l) => l.relation !== "d");
const counts = (rule: Rule): boolean => rule.head.terms[0]!.kind === "aggregate";
const positiveIn = (rule: Rule, set: Names): boolean =>
  idbOf(rule).some((l) => !l.negated && set.has(l.relation));

function ofInterest(set: Names, names: readonly string[] = LOCAL): readonly string[] {
  return [...set].filter((r) => names.includes(r)).sort();
}

test("LP, KS and IS are the greatest sets of their definitions", () => {
  const seen = { lp: 0, settled: 0, later: 0 };
  assert(
    property(programs, ({ rules, kept }) => {
      const program = programOf(rules, kept);
      const p = analyze(program);
      const all = program.components[0]!.rules;
      const rulesFor = (r: string): readonly Rule[] =>
        all.filter((rule) => rule.head.relation === r);
      const constant = (r: string): boolean => r === "d";

      const lp = greatest(LOCAL, (r, set) => {
        const own = rulesFor(r);
        if (own.some(isExactPersistence)) return true;
        return (
          own.length > 0 &&
          own.every(
            (rule) =>
              !(counts(rule) && idbOf(rule).length > 0) &&
              idbOf(rule).every((l) => !l.negated && set.has(l.relation)),
          )
        );
      });
      const persisted = ofInterest(logicallyPersisted(p, "main"));
      expect(persisted).toEqual(lp);

      const { inputDerived } = existence(p, "main");
      const ks = greatest(LOCAL, (r, set) => {
        const own = rulesFor(r);
        const persistence = own.find(isExactPersistence);
        if (persistence !== undefined) {
          return own
            .filter((rule) => rule !== persistence)
            .every((rule) => rule.head.timing.kind === "now" && positiveIn(rule, inputDerived));
        }
        return (
          own.length > 0 &&
          own.every(
            (rule) =>
              rule.head.timing.kind === "now" &&
              literalsOf(rule).every((l) => constant(l.relation) || set.has(l.relation)),
          )
        );
      });
      const settled = ofInterest(keptAndSettled(p, "main"));
      expect(settled).toEqual(ks);

      const read = new Set(all.flatMap((rule) => idbOf(rule).map((l) => l.relation)));
      const present = [...new Set([...read, ...all.map((rule) => rule.head.relation)])];
      const is = greatest(
        present,
        (r, set) =>
          r === "a" ||
          r === "b" ||
          rulesFor(r).every((rule) => rulesFor(r).length === 0 || positiveIn(rule, set)),
      );
      const derived = new Set(all.map((rule) => rule.head.relation));
      const later = ofInterest(notBeforeInput(p, "main"), [...derived]);
      expect(later).toEqual(is.filter((r) => derived.has(r)));

      if (persisted.length > 0) seen.lp++;
      if (settled.length > 0) seen.settled++;
      if (later.length > 0) seen.later++;
    }),
    { numRuns: 400 },
  );
  // The sketches must not make the sets trivially empty.
  expect(Math.min(seen.lp, seen.settled, seen.later)).toBeGreaterThan(50);
});

test("ED is the greatest set, self-clearing triggers aside", () => {
  assert(
    property(programs, ({ rules, kept }) => {
      const program = programOf(rules, kept);
      const p = analyze(program);
      const all = program.components[0]!.rules;
      const { inputDerived, triggers } = existence(p, "main");
      const derived = LOCAL.filter((r) => all.some((rule) => rule.head.relation === r));
      // What nobody derives is an input here.
      const ed = greatest([...LOCAL, "a", "b"], (r, set) => {
        if (!derived.includes(r) || triggers.has(r)) return true;
        const own = all.filter((rule) => rule.head.relation === r);
        return own.every((rule) => rule.head.timing.kind === "now" && positiveIn(rule, set));
      });
      expect(ofInterest(inputDerived, derived)).toEqual(ed.filter((r) => derived.includes(r)));
    }),
    { numRuns: 400 },
  );
});
