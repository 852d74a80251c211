import { expect, test } from "vitest";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { applyStep } from "../rewrites/driver.ts";
import { example, shippedDerivation } from "../rewrites/examples.testing.ts";
import { replay } from "../rewrites/replay.ts";
import { analyze } from "./analyze.ts";
import { readCase } from "../syntax/readCase.ts";

const DEPLOYMENT = example("voting").deployment!;

/** A leader that says at each beat that it lives, and answers what it is asked. */
function leader(beat: string, answer = "seen(x) <- alive(x)"): AnalyzedProgram {
  const text = `timer beat every 50ms
edb peers(d)
component L {
  alive@async(d)(1) <- ${beat}, peers(d)
  o@async(c)(x) <- a(x)
}
component K {
  a@async(L)(x) <- to_a(x)
  ${answer}
}`;
  return analyze(readCase(text).program, {
    ...DEPLOYMENT,
    instances: { L: ["L"], K: ["K"] },
    originals: {},
    trusted: {},
    edb: { peers: [] },
    node: {},
    partitions: {},
  });
}

function warned(p: AnalyzedProgram): readonly string[] {
  return p.faults.filter(({ code }) => code === "heartbeat-outlives").map((f) => f.message);
}

function split(p: AnalyzedProgram): AnalyzedProgram {
  const target = { component: "L", rules: ["L/o/1"], name: "M" };
  const step = applyStep(p, { rewrite: "decoupleMutuallyIndependent", target });
  if (step.kind !== "applied") throw new Error(JSON.stringify(step));
  return step.program;
}

test("a heartbeat that a part sends which does not do the work is warned of (H-49)", () => {
  expect(warned(leader("beat()"))).toEqual([]);
  expect(warned(split(leader("beat()")))).toEqual([
    "Rule 1 sends `alive` whenever `beat` fires, also while `M`, which is part of the same node, is dead. Whoever waits for it does not notice.",
  ]);
});

test("what is sent for another reason, or answered, is no heartbeat", () => {
  expect(warned(split(leader("b(_)")))).toEqual([]);
  expect(warned(split(leader("beat()", "well@async(d)(x) <- alive(x), peers(d)")))).toEqual([]);
});

test("of the shipped derivations only those whose proxies outlive their proposer's beat are warned", () => {
  const end = (name: string, form: string) => {
    const base = example(name);
    const { steps } = replay(base, shippedDerivation(name, form), () => "");
    return steps.flatMap((step) => (step.kind === "done" ? [step.program] : [])).at(-1)!;
  };
  expect(warned(end("voting", "scaled"))).toEqual([]);
  expect(warned(end("kvs", "cohashing"))).toEqual([]);
  const [message, ...others] = warned(end("paxos", "scaled20"));
  expect(message).toContain("sends `heartbeat` whenever `beat` fires");
  expect(others).toEqual([]);
});
