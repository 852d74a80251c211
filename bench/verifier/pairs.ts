import { readFileSync } from "node:fs";
import { analyze } from "../../src/analysis/analyze.ts";
import type { AnalyzedProgram } from "../../src/analysis/analyzedProgram.ts";
import { readDeployment } from "../../src/plan/deploymentFile.ts";
import type { Row } from "../../src/program/value.ts";
import { readDerivation } from "../../src/rewrites/derivation.ts";
import { applyStep } from "../../src/rewrites/driver.ts";
import type { StepRequest } from "../../src/rewrites/rewrite.ts";
import { read } from "../../src/syntax/read.ts";
import type { Input } from "../../src/verifier/machine.ts";
import { inputsOf, program } from "../../src/verifier/programs.testing.ts";
import type { RefinementBound, RefinementOptions } from "../../src/verifier/refines.ts";

/** A program before and after, and what is asked of the verifier. */
export interface Pair {
  readonly name: string;
  readonly original: AnalyzedProgram;
  readonly rewritten: AnalyzedProgram;
  readonly options: Pick<RefinementOptions, "inputs" | "environment"> & {
    readonly bound: RefinementBound;
  };
  /** What is explored alone, where a check of that much would take minutes. */
  readonly moreInputs?: readonly Input[];
}

const bound = { together: 2, states: 3_000_000, originalStates: 1_000_000 };

export function pairs(): readonly Pair[] {
  return [keyValueStore(), voting(), votes(), sealing()];
}

function text(file: string): string {
  return readFileSync(new URL(`../../public/examples/${file}`, import.meta.url), "utf8");
}

function deployed(name: string): AnalyzedProgram {
  const deployment = readDeployment(JSON.parse(text(`${name}/base.deployment.json`)));
  if (deployment.kind !== "ok") throw new Error(JSON.stringify(deployment.problems));
  return analyze(read(text(`${name}/base.ded`)).program, deployment.deployment);
}

function derived(original: AnalyzedProgram, file: string): AnalyzedProgram {
  const result = readDerivation(JSON.parse(text(file)));
  if (!("derivation" in result)) throw new Error(JSON.stringify(result));
  return result.derivation.steps.reduce((now, step) => {
    if (step.rewrite === "by-hand") throw new Error(`${file} has a step by hand`);
    return applied(now, step);
  }, original);
}

function applied(p: AnalyzedProgram, step: StepRequest): AnalyzedProgram {
  const done = applyStep(p, step);
  if (done.kind !== "applied") throw new Error(JSON.stringify(done));
  return done.program;
}

/** The running example after Figure 3: leader, collector and three storage nodes; clients are the environment. */
function keyValueStore(): Pair {
  const original = deployed("kvs");
  const requests = ["v", "w", "x"].map((value): Input => ({
    to: "leader",
    relation: "in",
    row: [value],
  }));
  return {
    name: "key-value store, Figure 3, 2 requests (alone 3)",
    original,
    rewritten: derived(original, "kvs/monotonic.derivation.json"),
    options: { inputs: requests.slice(0, 2), bound },
    moreInputs: requests,
  };
}

/** All nodes of voting, its client the environment. */
function voting(): Pair {
  const original = deployed("voting");
  const requests: readonly Row[] = [
    [1, "x"],
    [2, "y"],
    [3, "z"],
  ];
  return {
    name: "voting, three partitions of everything, 3 requests",
    original,
    rewritten: derived(original, "voting/scaled3.derivation.json"),
    options: {
      inputs: requests.map((row): Input => ({ to: "leader", relation: "in", row })),
      bound,
    },
  };
}

/** Case 52 of spec/cases.md: votes counted by two partitions. */
function votes(): Pair {
  const original = program({
    nodes: {
      L: "v(s,x) <- vote(s,x); v@next(s,x) <- v(s,x), !com(x); n(count<s>,x) <- v(s,x); com(x) <- n(k,x), num(k); r@async(c)(x) <- com(x)",
    },
    channels: { "vote/2": "L" },
    deployment: { edb: { num: [[2]] } },
  });
  const keys = { vote: [1], v: [1], n: [1], com: [0] };
  const voters = ["s", "t", "u"];
  const of = (ids: readonly number[]): readonly Input[] =>
    inputsOf(ids.flatMap((id) => voters.map((s) => ["vote", s, id] as const)));
  return {
    name: "votes counted by two partitions, 9 votes (alone 12)",
    original,
    rewritten: applied(original, {
      rewrite: "partitionByCohashing",
      target: { component: "L", partitions: 2, keys },
    }),
    options: { inputs: of([0, 1, 2]), environment: ["K"], bound },
    moreInputs: of([0, 1, 2, 3]),
  };
}

/** Case 79: a ballot that both partitions know, requests by key, an order for every ballot. */
function sealing(): Pair {
  const original = program({
    nodes: {
      L: "bal(b) <- pb(b); bal@next(b) <- bal(b); mx(max<b>) <- bal(b); r@async(c)(x,m) <- w(x), mx(m)",
    },
    channels: { "pb/1": "L", "w/1": "L" },
  });
  return {
    name: "ballots at two partitions, 2 ballots, 3 requests",
    original,
    rewritten: applied(original, {
      rewrite: "partitionPartially",
      target: {
        component: "L",
        partitions: 2,
        replicated: ["pb", "bal", "mx"],
        keys: { w: [0] },
        name: "proxy",
      },
    }),
    options: {
      inputs: inputsOf([
        ["pb", 1],
        ["pb", 2],
        ["w", 0],
        ["w", 1],
        ["w", 2],
      ]),
      environment: ["K"],
      bound,
    },
  };
}
