import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { nodeEnvironment, secretKeyOf } from "../evaluator/environment.ts";
import { functionKey } from "../evaluator/functions.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import type { Send } from "../evaluator/nodeEngine.ts";
import { INITIAL_STATE, referenceTick } from "../evaluator/reference.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import type { Literal, Term } from "../program/program.ts";
import { address, bytes } from "../program/value.ts";
import type { Row, Value } from "../program/value.ts";
import { applied } from "../rewrites/cases.testing.ts";
import { applyStep, offers } from "../rewrites/driver.ts";
import type { RewriteName, StepRequest } from "../rewrites/rewrite.ts";
import { checked, movedRules, program, verdictOf } from "./programs.testing.ts";

const functions = standardFunctions(nobleCrypto);

/** The step that is offered for a whole component, with real signatures from here on. */
function hardened(p: AnalyzedProgram, rewrite: RewriteName, component: string): AnalyzedProgram {
  const offer = offers(p, { component, rules: [] }).find((o) => o.rewrite === rewrite);
  if (offer === undefined) throw new Error(`${rewrite} is not offered for ${component}`);
  return applied(applyStep(p, offer.steps.at(-1)!)).program;
}

function after(p: AnalyzedProgram, ...steps: readonly StepRequest[]): AnalyzedProgram {
  return steps.reduce((q, step) => applied(applyStep(q, step)).program, p);
}

const CHANNELS = { "a/2": "L", "b/2": "L", "z/1": "N" };
/** A node with keys of its own. */
const PEER = "t@async(c)(x) <- z(x)";
/** Two channels of one shape to the half that moves. */
const RULES =
  "r(n,d,m) <- a(n,m), hash(m,d); s(n,d,m) <- b(n,m), hash(m,d) | o@async(c)(n,d,m) <- r(n,d,m); u@async(c)(n,d,m) <- s(n,d,m)";

function original(): AnalyzedProgram {
  return program({ nodes: { L: RULES, N: PEER }, channels: CHANNELS });
}

function splitL(): AnalyzedProgram {
  const target = { component: "L", rules: movedRules("L", RULES), name: "M" };
  return after(original(), { rewrite: "decoupleFunctional", target });
}

/** Signs all of the fields that are given. */
function signedL(fields: readonly number[]): AnalyzedProgram {
  const target = { component: "M", signed: { r: fields, s: fields } };
  return after(splitL(), { rewrite: "verifySenders", target });
}

function tick(p: AnalyzedProgram, component: string, at: string, arrived: readonly Send[]) {
  const told = nodeEnvironment(p, p.deployment!, component, at, functions, nobleCrypto);
  return referenceTick(p, component, told)(INITIAL_STATE, arrived).sends;
}

function message(relation: string, to: string, ...row: Row): Send {
  return { relation, row, to };
}

/** What L sends to M for a request. */
function sentByL(p: AnalyzedProgram, relation: "a" | "b" = "a"): Send {
  const [only] = tick(p, "L", "L", [message(relation, "L", 1, "pay")]);
  return only!;
}

/** What clients get when M is told this. */
function answers(p: AnalyzedProgram, arrived: Send): readonly string[] {
  return tick(p, "M", "M", [arrived]).map(({ relation }) => relation);
}

function replacedField(send: Send, position: number, value: Value): Send {
  return { ...send, row: send.row.with(position, value) };
}

/** The program with one rule's body changed wherever it fits: a guard taken out. */
function without(p: AnalyzedProgram, change: (l: Literal) => readonly Literal[]): AnalyzedProgram {
  const components = p.program.components.map((c) => ({
    ...c,
    rules: c.rules.map((rule) => ({ ...rule, body: rule.body.flatMap(change) })),
  }));
  return analyze({ ...p.program, components }, p.deployment);
}

/** Signed tuples without the part at an index. */
function lessSigned(p: AnalyzedProgram, index: number): AnalyzedProgram {
  const shorter = (term: Term): Term =>
    term.kind === "tuple" ? { ...term, terms: term.terms.toSpliced(index, 1) } : term;
  return without(p, (l) =>
    l.kind === "relation" && (l.relation === "sign" || l.relation === "verify")
      ? [{ ...l, terms: l.terms.map(shorter) }]
      : [l],
  );
}

test("signed channels between the halves refine, with all fields signed and with hashes", () => {
  for (const fields of [
    [0, 1, 2],
    [0, 1],
    [0, 2],
  ]) {
    const found = checked(original(), signedL(fields), [
      ["a", 1, "x"],
      ["b", 1, "x"],
      ["a", 2, "y"],
    ]);
    expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
  }
});

test("what L signed is believed", () => {
  const p = signedL([0, 1, 2]);
  expect(answers(p, sentByL(p))).toEqual(["o"]);
  expect(answers(p, sentByL(p, "b"))).toEqual(["u"]);
});

test("without signatures anybody is believed", () => {
  const p = splitL();
  expect(answers(p, message("r", "M", 1, bytes("00"), "steal"))).toEqual(["o"]);
});

test("a message that nobody signed, or not these bytes, is dropped and stops nothing", () => {
  const p = signedL([0, 1, 2]);
  const sent = sentByL(p);
  for (const signature of [bytes(""), bytes("00".repeat(64)), bytes("ff".repeat(64))]) {
    expect(answers(p, replacedField(sent, 3, signature))).toEqual([]);
  }
  for (const [position, other] of [
    [0, 2],
    [1, bytes("00")],
    [2, "steal"],
  ] as const) {
    expect(answers(p, replacedField(sent, position, other))).toEqual([]);
  }
});

test("another node's signature is dropped: a peer or client signs with a key of its own", () => {
  const p = signedL([0, 1, 2]);
  const sent = sentByL(p);
  const sign = functions.get(functionKey("sign", 3))!;
  const tuple = ["r", address("L"), address("M"), ...sent.row.slice(0, 3)];
  const signedBy = (node: string): Send => {
    const [signature] = sign([secretKeyOf(p.deployment!, node, nobleCrypto), tuple])!;
    return replacedField(sent, 3, signature!);
  };
  expect(answers(p, signedBy("L"))).toEqual(["o"]);
  expect(answers(p, signedBy("N"))).toEqual([]);
  expect(answers(p, signedBy("c"))).toEqual([]);
});

test("a signature for one channel is none for another of the same shape (H-45)", () => {
  const p = signedL([0, 1, 2]);
  const replayed: Send = { ...sentByL(p, "b"), relation: "r" };
  expect(answers(p, replayed)).toEqual([]);
  const untagged = lessSigned(p, 0);
  expect(answers(untagged, { ...sentByL(untagged, "b"), relation: "r" })).toEqual(["o"]);
});

test("an unsigned field is compared: another message under the same hash is dropped (H-46)", () => {
  const p = signedL([0, 1]);
  const sent = sentByL(p);
  expect(answers(p, sent)).toEqual(["o"]);
  expect(answers(p, replacedField(sent, 2, "steal"))).toEqual([]);
  const unchecked = without(p, (l) =>
    l.kind === "relation" &&
    l.relation === "hash" &&
    l.terms[0]?.kind === "variable" &&
    l.terms[0].name === "m"
      ? []
      : [l],
  );
  const rules = p.program.components.flatMap((c) => (c.name === "L" ? [c] : []));
  const components = unchecked.program.components.map((c) => (c.name === "L" ? rules[0]! : c));
  const mutant = analyze({ ...unchecked.program, components }, p.deployment);
  expect(answers(mutant, replacedField(sent, 2, "steal"))).toEqual(["o"]);
});

/** Split, then the half that moved in two partitions, then both hardenings. */
function partitionedM(): AnalyzedProgram {
  const keys = { r: [0], s: [0] };
  const parts = after(splitL(), {
    rewrite: "partitionByCohashing",
    target: { component: "M", partitions: 2, keys },
  });
  return hardened(hardened(parts, "verifySenders", "M"), "verifyMessages", "M");
}

test("split, partitioned and hardened it refines", () => {
  const found = checked(original(), partitionedM(), [
    ["a", 0, "x"],
    ["a", 1, "x"],
    ["b", 1, "y"],
  ]);
  expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
});

test("a later step that moves the checking rule leaves both names as they were signed", () => {
  const p = signedL([0, 1, 2]);
  const rules = ["M/r_verified/1", "M/o/1"];
  const moved = after(p, {
    rewrite: "decoupleMutuallyIndependent",
    target: { component: "M", rules, name: "P" },
  });
  const found = checked(original(), moved, [
    ["a", 1, "x"],
    ["b", 1, "x"],
  ]);
  expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
});

test("case 103: one partition takes what is its own, the other drops it", () => {
  const voters =
    "v(s,x) <- a(s,x); v@next(s,x) <- v(s,x), !com(x); n(count<s>,x) <- v(s,x); com(x) <- n(k,x), k >= 2; o@async(c)(x) <- com(x)";
  const p = program({ nodes: { L: voters }, channels: { "a/2": "L" } });
  const keys = { a: [1], v: [1], n: [1], com: [0] };
  const parts = after(p, {
    rewrite: "partitionByCohashing",
    target: { component: "L", partitions: 2, keys },
  });
  const both = (q: AnalyzedProgram): readonly number[] =>
    ["L/1", "L/2"].map((at) => {
      const votes = [message("a", at, "s", 7), message("a", at, "t", 7)];
      return tick(q, "L", at, votes).length;
    });
  // A Byzantine voter tells both partitions, and both commit.
  expect(both(parts)).toEqual([1, 1]);
  const safe = hardened(parts, "verifyMessages", "L");
  expect(both(safe).toSorted()).toEqual([0, 1]);
  const found = checked(p, safe, [
    ["a", "s", 0],
    ["a", "t", 0],
    ["a", "s", 1],
  ]);
  expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
});

test("a signature for one partition is none for the other", () => {
  const keys = { r: [0], s: [0] };
  const parts = after(splitL(), {
    rewrite: "partitionByCohashing",
    target: { component: "M", partitions: 2, keys },
  });
  const p = hardened(parts, "verifySenders", "M");
  const replay = (q: AnalyzedProgram): readonly number[] => {
    const [sent] = tick(q, "L", "L", [message("a", "L", 1, "pay")]);
    return ["M/1", "M/2"].map((at) => tick(q, "M", at, [{ ...sent!, to: at }]).length);
  };
  expect(replay(p).toSorted()).toEqual([0, 1]);
  expect(replay(lessSigned(p, 2))).toEqual([1, 1]);
});
