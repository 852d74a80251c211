import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { address } from "../program/value.ts";
import type { Row } from "../program/value.ts";
import { applyStep } from "../rewrites/driver.ts";
import { readCase } from "../syntax/readCase.ts";
import { crashable, lacking } from "./crashes.testing.ts";
import { checked, program, verdictOf } from "./programs.testing.ts";
import type { Refinement } from "./refines.ts";

/** Cases 131 and 133: what is written shows in every answer, and outlives a crash. */
const RULES = `l(b) <- p(b); l@next(b) <- l(b); kp@async(c)(b) <- p(b);
  o@async(c)(x,b) <- w(x), l(b); o@async(c)(x,0) <- w(x), !l(_)`;

function original(): AnalyzedProgram {
  const { program: rules, deployment } = program({
    nodes: { L: RULES },
    channels: { "p/1": "L", "w/1": "L" },
  });
  const { declarations } = readCase("durable l\ncomponent M {\n}").program;
  return analyze({ ...rules, declarations: [...rules.declarations, ...declarations] }, deployment);
}

function rewritten(): AnalyzedProgram {
  const target = {
    component: "L",
    partitions: 2,
    replicated: ["p", "l"],
    keys: { w: [0] },
    name: "proxy",
  };
  const step = applyStep(original(), { rewrite: "partitionPartially", target });
  if (step.kind !== "applied") throw new Error(JSON.stringify(step));
  expect(step.verdict).toBe("holds");
  return step.program;
}

type Facts = readonly (readonly [string, ...Row])[];

/** Each of these nodes crashes once, at any moment; the original as often. */
function withCrashes(p: AnalyzedProgram, nodes: readonly string[], inputs: Facts): Refinement {
  const crashes = nodes.map((_, i) => ["crash", i] as const);
  const same = nodes.map(() => "L");
  return checked(crashable(original(), same), crashable(p, nodes), [...inputs, ...crashes], {
    bound: { together: 2, states: 400_000 },
    reduced: true,
  });
}

const WRITE: Facts = [["p", 1]];
const WRITE_AND_READ: Facts = [...WRITE, ["w", 0]];

test.each([
  [["proxy"], WRITE_AND_READ],
  [["L/1"], WRITE_AND_READ],
  [["L/2"], WRITE_AND_READ],
  [["proxy", "L/1"], WRITE],
  [["L/1", "L/2"], WRITE],
])("S-15: what %s may lose in a crash the original may lose", (nodes, inputs) => {
  const found = withCrashes(rewritten(), nodes, inputs);
  expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
  expect(found.explored).toBeGreaterThan(1_000);
});

/** `nextIndex_L` takes more writes than can be explored: paxos.test.ts. */
test.each([
  ["durable l", ["L/2"], "safety"],
  ["durable p_log", ["proxy"], "safety"],
  ["durable pending_L", ["L/2"], "safety"],
  ["durable open_L", ["proxy"], "quiescence"],
  ["durable expectedNext_L", ["L/2"], "quiescence"],
  ["durable settled_L", ["proxy", "L/1"], "quiescence"],
  ["announce_L(i, d) :- proxyWakes_L(), open_L(i), base_L(a), route_L(a, _, d)", ["proxy"], "quiescence"], // prettier-ignore
  ["announce_L(i, d) :- behind_L(k, _), open_L(i), base_L(a), route_L(a, k, d)", ["L/1"], "quiescence"], // prettier-ignore
  ["tell_L(i, d) :- proxyWakes_L(), settled_L(i), base_L(a), route_L(a, _, d)", ["proxy", "L/1"], "quiescence"], // prettier-ignore
  ["tell_L(i, d) :- behind_L(k, j), settled_L(i), i >= j, base_L(a), route_L(a, k, d)", ["L/1"], "quiescence"], // prettier-ignore
  ["behind_L(k, j)@async(d) :- wakes_L(), expected_L(j), part_L(k), my_proxy(d)", ["L/1"], "quiescence"], // prettier-ignore
])("S-15: without “%s” a crash of %s shows", (what, nodes, violation) => {
  const found = withCrashes(lacking(rewritten(), what), nodes, WRITE_AND_READ);
  expect(verdictOf(found)).toBe(violation);
});

/** A log that outlives a crash, sent whole for each request: as one message, or sealed and written out. */
const LOG = "l(x) <- lg(x); l@next(x) <- l(x); al@async(c)(x) <- lg(x)";
const WHOLE = `${LOG}; all(collect<x>,b) <- p(b,_), l(x); rows@async(d)(s,b) <- all(s,b), to(d)`;
const SEALED = `${LOG}; rows@async(d)(seal<x>,b) <- p(b,_), l(x), to(d)`;

function sender(rules: string, reader: string): AnalyzedProgram {
  const { program: found, deployment } = program({
    nodes: { L: rules, R: reader },
    channels: { "p/2": "L", "lg/1": "L" },
    deployment: { edb: { to: [[address("R")]] } },
    unfinished: true,
  });
  const { declarations } = readCase("durable l\ncomponent M {\n}").program;
  return analyze({ ...found, declarations: [...found.declarations, ...declarations] }, deployment);
}

function writtenOut(): AnalyzedProgram {
  const sealed = sender(SEALED, "set(collect<x>,b) <- rows(x,b); got@async(c)(s,b) <- set(s,b)");
  const step = applyStep(sealed, { rewrite: "sendSealed", target: {} });
  if (step.kind !== "applied") throw new Error(JSON.stringify(step));
  return step.program;
}

test.each([
  ["refines", writtenOut],
  ["safety", () => lacking(writtenOut(), "durable nextSealNumber_L")],
] as const)(
  "a seal gets nothing of one before a crash, if numbers go on: %s",
  (verdict, rewrite) => {
    const whole = sender(WHOLE, "got@async(c)(s,b) <- rows(s,b)");
    const inputs: Facts = [["lg", 0], ["p", 7, 1], ["lg", 1], ["p", 7, 2], ["crash", 0]]; // prettier-ignore
    const bound = { together: 1, states: 10_000 };
    const found = checked(crashable(whole, ["L"]), crashable(rewrite(), ["L"]), inputs, { bound });
    expect(verdictOf(found), JSON.stringify(found)).toBe(verdict);
  },
);
