import { readFileSync } from "node:fs";
import { analyze } from "../../src/analysis/analyze.ts";
import type { AnalyzedProgram } from "../../src/analysis/analyzedProgram.ts";
import { readDeployment } from "../../src/plan/deploymentFile.ts";
import { address, bytes } from "../../src/program/value.ts";
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
}

const bound = { together: 2, states: 3_000_000, originalStates: 1_000_000 };

export function pairs(): readonly Pair[] {
  return [keyValueLeader(), voting(), votes(), sealing()];
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

/** The running example's leader after Figure 3; clients and two storage nodes are the environment. */
function keyValueLeader(): Pair {
  const [, rules = ""] = /component leader \{([^}]*)\}/.exec(text("kvs/base.ded")) ?? [];
  const original = program({
    nodes: { leader: rules },
    channels: { "in/1": "leader", "fromStorage/4": "leader" },
    deployment: {
      edb: {
        storageNodes: [[address("p1")], [address("p2")]],
        numNodes: [[2]],
        client: [[address("c")]],
      },
    },
  });
  const sig = bytes("01");
  const ack = (from: string, count: number) => ["fromStorage", from, sig, "v", count] as const;
  return {
    name: "key-value store's leader, Figure 3",
    original,
    rewritten: derived(original, "kvs/monotonic.derivation.json"),
    options: {
      inputs: inputsOf([["in", "v"], ack("p1", 1), ack("p2", 1), ack("p2", 2), ack("p1", 2)]),
      environment: ["K"],
      bound,
    },
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
  return {
    name: "votes counted by two partitions, 9 votes",
    original,
    rewritten: applied(original, {
      rewrite: "partitionByCohashing",
      target: { component: "L", partitions: 2, keys },
    }),
    options: {
      inputs: inputsOf([0, 1, 2].flatMap((id) => voters.map((s) => ["vote", s, id] as const))),
      environment: ["K"],
      bound,
    },
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
