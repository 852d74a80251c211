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

test("a program with seals has one error, and the step that mends it is all that is offered", () => {
  const p = sealed();
  expect(p.faults.filter((f) => f.severity === "error").map((f) => f.code)).toEqual(["sealing"]);
  const found = offers(p, { component: "L", rules: [] });
  expect(found.map(({ rewrite, verdict }) => `${rewrite} ${verdict}`)).toEqual([
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
