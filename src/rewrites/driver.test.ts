import { expect, test } from "vitest";
import { applied, caseProgram } from "./cases.testing.ts";
import { applyStep, chosenSteps, offers } from "./driver.ts";
import type { Offer } from "./driver.ts";
import { example, printed, ruleIds } from "./examples.testing.ts";
import type { RewriteName } from "./rewrite.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";

function offered(p: AnalyzedProgram, component: string, ...numbers: readonly number[]) {
  return offers(p, { component, rules: ruleIds(p, ...numbers) });
}

/** "rewrite: verdict, inserted rewrites", an offer a line. */
function summary(list: readonly Offer[]): readonly string[] {
  return list.map((o) =>
    [`${o.rewrite}: ${o.verdict}`, ...o.steps.slice(0, -1).map((s) => s.rewrite)].join(", "),
  );
}

function one(list: readonly Offer[], rewrite: RewriteName): Offer {
  const found = list.find((o) => o.rewrite === rewrite);
  if (found === undefined) throw new Error(`no offer of ${rewrite}`);
  return found;
}

const kvs = example("kvs");
const voting = example("voting");

test("the offers of the running example, by rule", () => {
  expect(summary(offered(kvs, "leader", 3, 4, 5, 6, 7, 8))).toMatchInlineSnapshot(`
    [
      "decoupleMutuallyIndependent: holds",
      "decoupleFunctional: violated",
      "decoupleMonotonic: violated",
      "decoupleStateMachine: violated",
      "fold: holds",
      "fold: holds",
    ]
  `);
  expect(summary(offered(kvs, "leader", 1, 2))).toMatchInlineSnapshot(`
    [
      "decoupleMutuallyIndependent: holds",
      "decoupleFunctional: holds, relay",
      "decoupleMonotonic: holds, relay",
      "decoupleStateMachine: holds",
    ]
  `);
  expect(summary(offered(kvs, "leader", 2))).toMatchInlineSnapshot(`
    [
      "decoupleMutuallyIndependent: violated",
      "decoupleFunctional: holds",
      "decoupleMonotonic: holds",
      "decoupleStateMachine: holds",
    ]
  `);
  expect(summary(offered(kvs, "leader", 7))).toMatchInlineSnapshot(`
    [
      "decoupleMutuallyIndependent: violated",
      "decoupleFunctional: holds, fold",
      "decoupleMonotonic: violated",
      "decoupleStateMachine: violated",
      "fold: holds",
    ]
  `);
  expect(summary(offered(kvs, "leader", 8))).toMatchInlineSnapshot(`
    [
      "decoupleMutuallyIndependent: violated",
      "decoupleFunctional: violated",
      "decoupleMonotonic: holds, copySplit",
      "decoupleStateMachine: violated",
      "fold: holds",
    ]
  `);
  expect(summary(offered(kvs, "storage"))).toMatchInlineSnapshot(`
    [
      "partitionByCohashing: violated",
      "partitionWithDependencies: holds",
    ]
  `);
});

test("functional on rule 8 is refused: it reads acks twice", () => {
  const offer = one(offered(kvs, "leader", 8), "decoupleFunctional");
  const found = offer.preconditions.find((c) => c.code === "two-reads");
  expect(found?.verdict).toBe("violated");
  expect(found?.evidence.map((e) => (e.kind === "literal" ? e.index : -1))).toEqual([0, 1]);
});

test("co-hashing the storage component is refused: its facts belong together by hash, its input comes by value", () => {
  const offer = one(offered(kvs, "storage"), "partitionByCohashing");
  expect(offer.verdict).toBe("violated");
  const codes = offer.preconditions.filter((c) => c.verdict === "violated").map((c) => c.code);
  expect(codes).toContain("keys-differ");
});

test.each([
  ["decoupleMutuallyIndependent", [1, 2]],
  ["decoupleFunctional", [1, 2]],
  ["decoupleMonotonic", [1]],
] as const)("%s of rules %j, moving in without its relay, is refused", (rewrite, numbers) => {
  const target = { component: "leader", rules: ruleIds(kvs, ...numbers), name: "mover" };
  const result = applyStep(kvs, { rewrite, target });
  const violated = result.kind === "refused" ? result.preconditions : [];
  expect(violated.filter((c) => c.verdict === "violated").map((c) => c.code)).toContain(
    "client-input",
  );
});

test("a relay is inserted where only that is missing, and all is said in today's rule numbers", () => {
  const offer = one(offered(voting, "leader", 1), "decoupleFunctional");
  expect(offer.verdict).toBe("holds");
  expect(offer.steps.map((s) => s.rewrite)).toEqual(["relay", "decoupleFunctional"]);
  expect(offer.inserted).toEqual([
    "Clients send `in` here and cannot be told otherwise, so leader keeps a relay.",
  ]);
  expect(offer.defaultName).toBe("broadcaster");
  for (const evidence of offer.preconditions.flatMap((c) => c.evidence)) {
    if ("rule" in evidence) expect(voting.rules.has(evidence.rule)).toBe(true);
  }
});

test("the other group is offered where the chosen one holds what clients send", () => {
  const offer = one(offered(voting, "leader", 1), "decoupleMutuallyIndependent");
  expect(offer.verdict).toBe("holds");
  expect(offer.steps[0]?.target).toMatchObject({ rules: ruleIds(voting, 2, 3, 4, 5, 6) });
});

test("a rule that carries a relation over goes with it", () => {
  const offer = one(offered(voting, "leader", 2, 4, 5, 6), "decoupleMutuallyIndependent");
  expect(offer.steps[0]?.target).toMatchObject({ rules: ruleIds(voting, 2, 3, 4, 5, 6) });
});

test("an aggregate that is sent is split before its reader is partitioned", () => {
  const { program } = caseProgram({
    rules: "o@async(c)(n)<-x(n)",
    other: "x@async(L)(count<v>)<-w(v)",
  });
  const offer = one(offers(program, { component: "L", rules: [] }), "partitionByCohashing");
  expect(offer.steps.map((s) => s.rewrite)).toEqual(["splitHead", "partitionByCohashing"]);
  expect(offer.verdict).toBe("holds");
});

test("offers take the user's name, number of partitions and waiver", () => {
  const offer = one(offered(kvs, "leader", 2), "decoupleFunctional");
  const [step] = chosenSteps(offer.steps, { name: "sender", partitions: 4, waiver: "tick-counts" });
  expect(step).toMatchObject({ target: { name: "sender" }, waiver: "tick-counts" });
  expect(step?.target).not.toHaveProperty("partitions");
});

test("nothing is offered for a program that has errors, and no step is done on it", () => {
  const broken: AnalyzedProgram = {
    ...kvs,
    faults: [
      {
        severity: "error",
        code: "unbound-variable",
        message: "Nothing binds x.",
        place: { kind: "rule", rule: "leader/signed/1" },
        related: [],
      },
    ],
  };
  expect(offered(broken, "leader", 2)).toEqual([]);
  const target = { component: "leader", rules: ruleIds(kvs, 2), name: "b" };
  expect(applyStep(broken, { rewrite: "decoupleFunctional", target })).toEqual({
    kind: "fault",
    message: "The program has to be mended first: Nothing binds x.",
  });
});

test.each([
  [{ component: "nobody", rules: ["nobody/x/1"], name: "b" }, "There is no component nobody."],
  [
    { component: "leader", rules: ["leader/gone/1"], name: "b" },
    "Component leader has no rule leader/gone/1.",
  ],
  [
    { component: "leader", rules: ["leader/signed/1"], name: "storage" },
    "There is a component storage already.",
  ],
  [
    { component: "leader", rules: ["leader/signed/1"], name: "a b" },
    "“a b” cannot name a component: a letter comes first, then letters, digits and _.",
  ],
  [
    { component: "leader", rules: "leader/signed/1", name: "b" },
    '/rules: expected a list of names, found "leader/signed/1".',
  ],
  [
    { component: "leader", rules: [], name: "b", nam: 1 },
    "/nam: there is no such field in this target.",
  ],
])("target %j: %s", (target, message) => {
  expect(applyStep(kvs, { rewrite: "decoupleFunctional", target })).toEqual({
    kind: "fault",
    message,
  });
});

test("origins are total, and kept rules say where they were", () => {
  const offer = one(offered(kvs, "leader", 3, 4, 5, 6, 7, 8), "decoupleMutuallyIndependent");
  const { program, origins } = applied(applyStep(kvs, offer.steps[0]!));
  expect([...origins.keys()].sort()).toEqual([...program.rules.keys()].sort());
  expect(origins.get("collector/acks/2")).toEqual({ kind: "kept", from: "leader/acks/2" });
  expect(printed(program)).toContain("fwd_collector");
});
