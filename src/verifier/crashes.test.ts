import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
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
