import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Rule } from "../program/program.ts";
import { address } from "../program/value.ts";
import type { Row } from "../program/value.ts";
import { applyStep, offers } from "../rewrites/driver.ts";
import { readCase } from "../syntax/readCase.ts";
import { checked, program, verdictOf } from "./programs.testing.ts";

const SENDER =
  "l(x) <- lg(x); l@next(x) <- l(x); al@async(c)(x) <- lg(x); ap@async(c)(u) <- p(_,u)";
const SEALING = `${SENDER}; rows@async(d)(seal<x>,b) <- p(b,_), l(x), to(d)`;
const RECEIVING = "set(collect<x>,b) <- rows(x,b); got@async(c)(s,b) <- set(s,b)";
/** What a seal means: one message with the whole set. */
const WHOLE = `${SENDER}; all(collect<x>,b) <- p(b,_), l(x); rows@async(d)(s,b) <- all(s,b), to(d)`;
const READING = "got@async(c)(s,b) <- rows(s,b)";

const INPUTS: readonly (readonly [string, ...Row])[] = [
  ["lg", 0],
  ["lg", 1],
  ["p", 7, 1],
];

function deployed(sender: string, receiver: string): AnalyzedProgram {
  const channels = { "p/2": "L", "lg/1": "L" };
  return program({
    nodes: { L: sender, R: receiver },
    channels,
    deployment: { edb: { to: [[address("R")]] } },
  });
}

/** The program with seals, which has an error until they are written out. */
function sealed(): AnalyzedProgram {
  const { deployment } = deployed(WHOLE, READING);
  const text = [
    `component L {\n${SEALING.replaceAll(";", "\n")}\n}`,
    `component R {\n${RECEIVING.replaceAll(";", "\n")}\n}`,
    "component K {",
    'p@async(d)(x1,x2) <- send_p(x1,x2), d := addr("L")',
    'lg@async(d)(x1) <- send_lg(x1), d := addr("L")',
    "}",
  ].join("\n");
  return analyze(readCase(text).program, deployment);
}

function writtenOut(): AnalyzedProgram {
  const step = applyStep(sealed(), { rewrite: "sendSealed", target: {} });
  if (step.kind !== "applied") throw new Error(JSON.stringify(step));
  expect(step.verdict).toBe("holds");
  return step.program;
}

test("a program with seals has one error, and the steps that mend it are all that is offered", () => {
  const p = sealed();
  expect(p.faults.filter((f) => f.severity === "error").map((f) => f.code)).toEqual(["sealing"]);
  const found = offers(p, { component: "L", rules: [] });
  expect(found.map(({ rewrite, verdict }) => `${rewrite} ${verdict}`)).toEqual([
    "partitionPartially holds",
    "sendSealed holds",
  ]);
});

test("a seal that is written out is one message with the whole set", () => {
  const found = checked(deployed(WHOLE, READING), writtenOut(), INPUTS, { bound: { together: 2 } });
  expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
  expect(found.explored).toBeGreaterThan(20);
});

function mutant(change: (rule: Rule) => Rule): AnalyzedProgram {
  const p = writtenOut();
  const components = p.program.components.map((c) => ({ ...c, rules: c.rules.map(change) }));
  return analyze({ ...p.program, components }, p.deployment);
}

test("without waiting for the rest, the receiver reads a part", () => {
  const hasty = mutant((rule) => ({
    ...rule,
    body: rule.body.filter(
      (l) =>
        rule.head.relation !== "rows_whole" ||
        l.kind !== "relation" ||
        l.relation !== "rows_arrived",
    ),
  }));
  const found = checked(deployed(WHOLE, READING), hasty, INPUTS, { bound: { together: 2 } });
  expect(["safety", "quiescence"]).toContain(verdictOf(found));
});

test("without numbers, two seals of equal columns merge (H-27)", () => {
  const inputs = [...INPUTS, ["p", 7, 2] as const];
  const zero = { kind: "constant", value: 0 } as const;
  const unnumbered = mutant((rule) =>
    rule.head.relation === "sealNumber_L"
      ? { ...rule, head: { ...rule.head, terms: [zero] } }
      : rule,
  );
  // Sets that are whole in one tick are one relation in it, so the reference is the numbered program, not one message.
  const found = checked(writtenOut(), unnumbered, inputs, { bound: { together: 2 } });
  expect(["safety", "quiescence"]).toContain(verdictOf(found));
});

/** Case 87: the log is partitioned, the request replicated; case 132 has equal rows of two partitions. */
const LOG = "l(k,x) <- lg(k,x); l@next(k,x) <- l(k,x); al@async(c)(k,x) <- lg(k,x)";
const SHARED = `${LOG}; rows@async(d)(seal<x>,b) <- p(b), l(k,x), to(d)`;
const PARTIALLY = {
  rewrite: "partitionPartially",
  target: {
    component: "L",
    partitions: 2,
    replicated: ["p"],
    keys: { lg: [0], l: [0] },
    name: "proxy",
  },
} as const;

function logOf(sender: string, reader: string, seals: boolean): AnalyzedProgram {
  const { deployment } = deployed(WHOLE, READING);
  const text = [
    `component L {\n${sender.replaceAll(";", "\n")}\n}`,
    `component R {\n${reader.replaceAll(";", "\n")}\n}`,
    "component K {",
    'p@async(d)(x1) <- send_p(x1), d := addr("L")',
    'lg@async(d)(x1,x2) <- send_lg(x1,x2), d := addr("L")',
    "}",
  ].join("\n");
  const p = analyze(readCase(text).program, deployment);
  const errors = p.faults.filter((f) => f.severity === "error").map((f) => f.code);
  expect(errors).toEqual(seals ? ["sealing"] : []);
  return p;
}

/** The unpartitioned program with its seals written out: what the partitioned one has to refine. */
function reference(reader: string): AnalyzedProgram {
  const step = applyStep(logOf(SHARED, reader, true), { rewrite: "sendSealed", target: {} });
  if (step.kind !== "applied") throw new Error(JSON.stringify(step));
  return step.program;
}

function shared(reader: string, change: (rule: Rule) => Rule | undefined = (rule) => rule) {
  const step = applyStep(logOf(SHARED, reader, true), PARTIALLY);
  if (step.kind !== "applied") throw new Error(JSON.stringify(step));
  expect(step.verdict).toBe("holds");
  const components = step.program.program.components.map((c) => ({
    ...c,
    rules: c.rules.map(change).filter((rule) => rule !== undefined),
  }));
  return analyze({ ...step.program.program, components }, step.program.deployment);
}

const READ = "set(collect<x>,b) <- rows(x,b); got@async(c)(s,b) <- set(s,b)";
const bound = { together: 2, states: 100_000 };

test.each([
  [
    "87",
    [
      ["lg", 0, 5],
      ["lg", 1, 6],
      ["p", 7],
    ],
  ],
  [
    "87, one partition has nothing",
    [
      ["lg", 0, 5],
      ["p", 7],
    ],
  ],
  [
    "132",
    [
      ["lg", 0, 5],
      ["lg", 1, 5],
      ["p", 7],
    ],
  ],
] as const)("case %s: shares of all partitions make one seal", (_, inputs) => {
  const found = checked(reference(READ), shared(READ), inputs, { bound });
  expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
});

test("case 87: without zero sizes the receiver waits for ever", () => {
  const silent = shared(READ, (rule) => {
    const [first] = rule.head.terms;
    const isZero = first?.kind === "constant" && rule.head.relation.startsWith("rows_share");
    return isZero ? undefined : rule;
  });
  const found = checked(
    reference(READ),
    silent,
    [
      ["lg", 0, 5],
      ["p", 7],
    ],
    { bound },
  );
  expect(verdictOf(found)).toBe("quiescence");
});

test("case 132: without the partition's number equal rows merge, and the receiver waits for ever (S-12)", () => {
  const merging = shared(READ, (rule) => {
    const { terms, relation } = rule.head;
    if (relation !== "rows_part") return rule;
    const nobody = { kind: "constant", value: 9 } as const;
    return { ...rule, head: { ...rule.head, terms: terms.with(2, nobody) } };
  });
  const found = checked(
    reference(READ),
    merging,
    [
      ["lg", 0, 5],
      ["lg", 1, 5],
      ["p", 7],
    ],
    {
      bound,
    },
  );
  expect(verdictOf(found)).toBe("quiescence");
});

test("a seal that no replicated input triggers, or of replicated facts only, is refused", () => {
  const refusal = (sender: string, target: object) => {
    const request = { ...PARTIALLY, target: { ...PARTIALLY.target, ...target } };
    const step = applyStep(logOf(sender, READ, true), request);
    if (step.kind !== "refused") throw new Error(JSON.stringify(step));
    return step.preconditions.filter((c) => c.verdict === "violated").map((c) => c.code);
  };
  const kept = `${SHARED.replace("p(b), l(k,x)", "q(b), l(k,x)")}; q(b) <- p(b); q@next(b) <- q(b)`;
  expect(refusal(kept, { replicated: ["p", "q"] })).toContain("seal-trigger");
  const own = `${LOG}; rows@async(d)(seal<b>,b) <- p(b), to(d)`;
  expect(refusal(own, {})).toContain("seal-trigger");
  const projected = `${LOG}; rows@async(d)(seal<b>,x) <- p(b), l(k,x), to(d)`;
  expect(refusal(projected, {})).toContain("seal-trigger");
});
