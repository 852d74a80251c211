import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import type { Component } from "../program/program.ts";
import { address } from "../program/value.ts";
import type { Row } from "../program/value.ts";
import { example } from "../rewrites/examples.testing.ts";
import { readCase } from "../syntax/readCase.ts";
import type { Input } from "./machine.ts";
import { verdictOf } from "./programs.testing.ts";
import { refines } from "./refines.ts";
import type { Refinement } from "./refines.ts";

/**
 * A row of Compartmentalized Paxos's grid, as one acceptor or as several with the slots divided among them, by the rules of
 * `public/examples/comppaxos`. Promises are asked of all, votes of the one whose slot it is; all answer in the row's name.
 * Answers to promises are left out: a proposer waits for those of the whole row.
 */
function row(...acceptors: readonly string[]): AnalyzedProgram {
  const { program, deployment } = example("comppaxos");
  const environment = readCase(`component K {
    p1a@async(d)(p, b) <- send_p1a(b), p := addr("client"), everyone(d)
    p2a@async(d)(p, p, b, s, c) <- send_p2a(b, s, c), p := addr("client"), owner(s, d)
  }`).program;
  const acceptor = program.components.find(({ name }) => name === "acceptor")!;
  const components: readonly Component[] = [inTheNameOfTheRow(acceptor), ...environment.components];
  const owners = [1, 2].map((slot): Row => [slot, address(acceptors[slot % acceptors.length]!)]);
  return analyze(
    { ...program, components },
    {
      ...deployment!,
      instances: { acceptor: acceptors, K: ["K"] },
      originals: Object.fromEntries(acceptors.map((a) => [a, "row"])),
      edb: { ...deployment!.edb, everyone: acceptors.map((a): Row => [address(a)]), owner: owners },
      node: {},
    },
  );
}

function inTheNameOfTheRow(acceptor: Component): Component {
  const votes = acceptor.rules.filter(
    ({ head }) => !["p1b", "p1bLog", "toSend", "numToSend"].includes(head.relation),
  );
  const rules = votes.map((rule) => ({
    ...rule,
    body: rule.body.map((l) =>
      l.kind === "relation" && l.relation === "self" ? { ...l, relation: "orig" } : l,
    ),
  }));
  return { ...acceptor, rules };
}

function asked(...facts: readonly (readonly [string, ...Row])[]): readonly Input[] {
  return facts.map(([relation, ...row]) => ({ relation: `send_${relation}`, row, to: "K" }));
}

function check(inputs: readonly Input[]): Refinement {
  return refines(row("whole"), row("left", "right"), {
    inputs,
    environment: ["K"],
    clocks: "free",
    observer: "first",
    functions: standardFunctions(nobleCrypto),
    crypto: nobleCrypto,
    bound: { together: 2 },
  });
}

test("one acceptor of a row refuses by a higher ballot, and then another accepts the lower one", () => {
  const found = check(asked(["p1a", 2], ["p2a", 1, 1, "x"], ["p2a", 1, 2, "y"]));
  if (found.kind !== "counterexample") throw new Error(found.kind);
  expect(found.violation).toBe("safety");
  const votes = found.schedule.flatMap(({ outputs }) => outputs).map(({ row: said }) => said);
  expect(votes.map(([, , asked, , promised]) => [asked, promised])).toEqual([[1, 2], [1, 1]]); // prettier-ignore
});

test("without a second slot, or without a second ballot, they show nothing else", () => {
  for (const inputs of [
    asked(["p1a", 2], ["p2a", 1, 1, "x"]),
    asked(["p2a", 1, 1, "x"], ["p2a", 1, 2, "y"]),
  ]) {
    expect(verdictOf(check(inputs))).toBe("refines");
  }
});
