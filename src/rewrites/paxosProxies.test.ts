import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { printCompact } from "../program/printCompact.ts";
import { read } from "../syntax/read.ts";
import { applyStep, offers } from "./driver.ts";
import { example, shippedDerivation } from "./examples.testing.ts";
import type { RewriteName } from "./rewrite.ts";

// What the lesson of `public/examples/paxos-proxies` says of the step that takes the collector off its proposer.

const base = example("paxos-proxies");
const step = shippedDerivation("paxos-proxies", "scaled").steps[1]!;
if (step.rewrite !== "decoupleAsymmetric") throw new Error(step.name);
const { component, rules, name, keys } = step.target as {
  readonly component: string;
  readonly rules: readonly string[];
  readonly name: string;
  readonly keys: Readonly<Record<string, readonly number[]>>;
};

function changed(p: AnalyzedProgram, ...changes: readonly (readonly [string, string])[]) {
  const text = changes.reduce((before, [from, to]) => {
    expect(before).toContain(from);
    return before.replace(from, to);
  }, printCompact(p.program));
  return analyze(read(text).program, p.deployment);
}

/** The codes by which the step is refused. */
function refusals(
  p: AnalyzedProgram,
  target: object,
  rewrite: RewriteName = "decoupleAsymmetric",
): readonly string[] {
  const done = applyStep(p, { rewrite, target });
  if (done.kind === "fault") throw new Error(done.message);
  const codes = done.preconditions.flatMap((c) => (c.verdict === "violated" ? [c.code] : []));
  return [...new Set(codes)].sort();
}

test("of all decouplings the asymmetric one takes the collector off, whole or in partitions", () => {
  const verdicts = offers(base, { component, rules }).flatMap((offer) =>
    offer.rewrite.startsWith("decouple") ? [`${offer.rewrite}: ${offer.verdict}`] : [],
  );
  expect(verdicts).toEqual([
    "decoupleMutuallyIndependent: violated",
    "decoupleFunctional: violated",
    "decoupleMonotonic: violated",
    "decoupleStateMachine: violated",
    "decoupleAsymmetric: holds",
    "decoupleAsymmetric: holds",
  ]);
});

test("a proposer that keeps something durable, and starts again, is refused", () => {
  const p = changed(base, ["durable promised\n", "durable known\ndurable promised\n"]);
  expect(refusals(p, step.target as object)).toEqual(["durable-copy"]);
});

test("a collector that keeps votes until all have voted is refused", () => {
  const p = changed(
    example("paxos"),
    ["durable known\n", ""],
    ["preempted(m)@async(l) :- p2b(a, b, s, m, c), m > b, self(l)", "preempted(m) :- p2b(a, b, s, m, c), m > b"], // prettier-ignore
  );
  const others = shippedDerivation("paxos", "scaled").steps[1]!;
  if (others.rewrite === "by-hand") throw new Error(others.name);
  expect(refusals(p, others.target as object)).toEqual([
    "aggregate",
    "changing-negation",
    "two-relations",
  ]);
});

test("it cannot be divided by slot once it numbers batches", () => {
  const done = applyStep(base, {
    rewrite: "decoupleAsymmetric",
    target: { component, rules, name },
  });
  if (done.kind !== "applied") throw new Error(done.kind);
  const target = { component: name, partitions: 3, keys };
  expect(refusals(done.program, target, "partitionByCohashing")).toContain("keys-differ");
});
