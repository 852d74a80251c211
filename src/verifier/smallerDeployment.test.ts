import { expect, test } from "vitest";
import { fewerPartitions, programsOf } from "../rewrites/fewerPartitions.ts";
import { shippedDerivation } from "../rewrites/examples.testing.ts";
import { example } from "../simulator/examples.testing.ts";
import type { Refinement } from "./refines.ts";
import { smallerDeployment } from "./smallerDeployment.ts";
import { smallerDerivation } from "./smallerDerivation.ts";
import { boundOfForm, smallerInTurn } from "./smallerInTurn.ts";

const paxos = example("paxos");

test("numbers of nodes are cut to the nodes that are left, other numbers are not", () => {
  const one = smallerDeployment(paxos, 1)!;
  expect(one.nodes).toEqual(["proposer.1", "acceptor.1", "replica.1"]);
  expect(one.numbers).toEqual({ numProposers: 1, numAcceptors: 1, numReplicas: 1, quorum: 1 });
  expect(one.program.deployment!.edb["window"]).toEqual([[10_000]]);
  const two = smallerDeployment(paxos, 2)!;
  expect(two.numbers).toEqual({ numAcceptors: 2, numReplicas: 2 });
  expect(smallerDeployment(paxos, 3)).toBeUndefined();
});

test("nodes that are named stay, in the place of others", () => {
  const { nodes, numbers } = smallerDeployment(paxos, 1, ["acceptor.3", "acceptor.2"])!;
  expect(nodes).toEqual(["proposer.1", "acceptor.2", "acceptor.3", "replica.1"]);
  expect(numbers).toEqual({ numAcceptors: 2, numReplicas: 2 });
});

test("a derivation is done again with fewer nodes and partitions, two of these at least", () => {
  const { steps } = shippedDerivation("paxos", "scaled");
  const read = () => "no text by hand";
  const derivable = {
    base: paxos,
    steps,
    fewerPartitions,
    programsOf: (base: typeof paxos, all: typeof steps) => programsOf(base, all, read),
  };
  const { partitions, programs, nodes } = smallerDerivation(derivable, 1)!;
  expect(partitions).toBe(2);
  expect(nodes).toHaveLength(3);
  expect(programs).toHaveLength(steps.length + 1);
  const acceptors = programs.at(-1)!.deployment!.instances["acceptor"]!;
  expect(acceptors).toHaveLength(2);
  expect(smallerDerivation(derivable, 3)).toBeUndefined();
});

test("greater forms are asked while the ones before were cheap, and the greatest decided is the answer", () => {
  const asked = (...explored: readonly (number | "not-known" | "counterexample")[]) => {
    const turns = smallerInTurn((most) => (most <= 4 ? most : undefined), 100);
    let turn = turns.next();
    const smallest: boolean[] = [];
    for (const each of explored) {
      if (turn.done) throw new Error("It has ended.");
      smallest.push(turn.value.isSmallest);
      const found =
        typeof each === "number"
          ? { kind: "refines", explored: each, leftOut: false }
          : { kind: each, explored: 1 };
      turn = turns.next(found as Refinement);
    }
    return { smallest, form: turn.done ? turn.value?.form : "asks on" };
  };
  expect(asked(10, 10, 10, 10)).toEqual({ smallest: [true, false, false, false], form: 4 });
  const bound = { states: 2, originalStates: 3, together: 4 };
  expect(boundOfForm(bound, false)).toEqual(bound);
  expect(boundOfForm(bound, true)).toEqual({ states: 100, originalStates: 30, together: 4 });
  expect(asked(10, 11).form).toBe(2);
  expect(asked(10, 10).form).toBe("asks on");
  expect(asked(10, "not-known").form).toBe(1);
  expect(asked("not-known").form).toBe(1);
  expect(asked(1, 1, "counterexample").form).toBe(3);
});
