import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { existence } from "../analysis/existence.ts";
import { ins, transferred } from "../analysis/ruleSets.ts";
import { sentByBothHalves } from "../analysis/sendCounts.ts";
import { stateMachineViolations } from "../analysis/tickInsensitivity.ts";
import {
  BATCH_STATEMENTS,
  nothingDurable,
  notInputDerived,
  receivingHalf,
} from "./batchConditions.ts";
import { batches } from "./batches.ts";
import { candidate } from "./candidate.ts";
import { classConditions, countedSendConditions } from "./classConditions.ts";
import { draftOf, finish, mapComponent } from "./draft.ts";
import { relationNamer } from "./freshNames.ts";
import { readBatches } from "./readBatches.ts";
import { declareSplitTables, sendBack } from "./redirect.ts";
import type { Precondition, Rewrite, Rewritten } from "./rewrite.ts";
import { halvesOf, noEntanglement, noSharedReads, oneWayFlow } from "./splitConditions.ts";
import type { Halves } from "./splitConditions.ts";
import { cut, splitOff } from "./splitOff.ts";
import type { SplitTarget } from "./splitOff.ts";
import { describeSplit, readSplitTarget, splitMisfit, splitTarget } from "./splitTargets.ts";
import { insensitiveToTicks, withTicks } from "./tickConditions.ts";

/**
 * decoupleStateMachine gives rules that depend on the order of their input a node of their own, and replays it to them.
 *
 *     component register {                            component register {
 *       s(x) :- in(x)                                   s(x) :- in(x)
 *       last(x)@next :- s(x)                            filled_M() :- s(_)
 *       last(x)@next :- last(x), !any()                 s_batched(i, x)@async(d) :- s(x), number_M(i), my_M(d)
 *       any() :- s(_)                                   batch_M(i, n)@async(d) :- number_M(i), s_size(n), my_M(d)
 *       o(x, y)@async(c) :- s(x), last(y), …            …
 *     }                                               }
 *                                                     component M {
 *                                                       runs_M(i) :- expected_M(i), s_complete(i)
 *                                                       s_run(x) :- s_waiting(i, x), runs_M(i)
 *                                                       last(x)@next :- s_run(x)
 *                                                       …
 *                                                     }
 *
 * What the moved rules read in one tick goes over as one batch with a number, and is read in one tick there, in the same
 * order: so joins, counts and absence mean what they meant. What happens between batches must not matter: on a tick
 * without input the moved rules send nothing (an answer would show how often the node ticks), change nothing that they
 * keep, and add nothing to it. A relation that holds for good would make a batch on every tick. What others send stays
 * addressed to the node that stays, which sees every input and forwards it, so clients need no relay. The moved rules
 * must not know the tick's number; what they send on the tick after their input comes apart from the ticks of the half
 * that stays, which then must not show how often it ticks (S-03). A receiver that counts arrivals is sent to by one half
 * only (S-19). Batches that are under way at a crash belong to numbers that start again after it (S-15).
 * "Optimizing Distributed Protocols with Query Rewrites", technical report, appendix A; rewrites.md section 3.4.
 */
export const decoupleStateMachine: Rewrite<SplitTarget> = {
  name: "decoupleStateMachine",
  title: "State-machine decoupling",
  summary:
    "Rules that change with each input get a node of their own and read it there in batches, in order.",
  citation: { source: "SIGMOD 2024", where: "technical report, appendix A" },
  targets: (p, selection) =>
    [splitTarget(p, selection)].filter(
      (t) => t !== undefined && misfit(p, t) === undefined,
    ) as SplitTarget[],
  readTarget: readSplitTarget,
  misfit,
  preconditions,
  apply,
  defaultName: (_, target) => target.name,
  describe: describeSplit,
};

function misfit(p: AnalyzedProgram, target: SplitTarget): string | undefined {
  const absent = splitMisfit(p, target);
  if (absent !== undefined) return absent;
  const { stays, moves } = halvesOf(p, target);
  return transferred(p, stays, moves).size + ins(p, moves).size === 0
    ? "These rules read nothing that could be sent to them in batches."
    : undefined;
}

const STATEMENTS = {
  "idle-output": "The rules that move send nothing on a tick without input.",
  "idle-change": "What the rules that move keep changes with input only.",
  "idle-derivation": "Nothing is added to what they keep on a tick without input.",
  ...BATCH_STATEMENTS,
};

function preconditions(p: AnalyzedProgram, target: SplitTarget): readonly Precondition[] {
  const halves = halvesOf(p, target);
  const { stays, moves } = halves;
  const over = transferred(p, stays, moves);
  const replayed = receivingHalf(p, moves, over.keys());
  const findings = [
    ...notInputDerived(p, stays, over),
    ...stateMachineViolations(replayed, target.component),
  ];
  const structure = [
    ...oneWayFlow(p, halves),
    ...noSharedReads(p, halves, "copy"),
    ...classConditions(halves, findings, STATEMENTS, () => undefined),
    ...nothingDurable(p, moves),
    ...noEntanglement(p, moves),
    ...countedSendConditions(sentByBothHalves(p, moves)),
  ];
  const hasPulse = existence(replayed, target.component).pulses.size > 0;
  return hasPulse ? withTicks(structure, ticksOfStayers(p, halves)) : structure;
}

/** What is sent one tick after its batch counts on ticks of the half that stays to be unseen (S-03). */
function ticksOfStayers(p: AnalyzedProgram, { target }: Halves): readonly Precondition[] {
  const result = candidate(p, splitOff(p, target));
  return result === undefined ? [] : insensitiveToTicks(result, [target.component]);
}

function apply(p: AnalyzedProgram, target: SplitTarget): Rewritten {
  const { stays, moves } = halvesOf(p, target);
  const { draft, split } = cut(draftOf(p), target);
  const own = ins(p, moves);
  // What others send goes on being sent to the node that stays; so do moved rules that sent to their own node.
  const returned = sendBack(draft, new Set([...ins(p, stays).keys(), ...own.keys()]), split);
  const relations = [...transferred(p, stays, moves).keys(), ...own.keys()];
  const made = batches(relationNamer(returned), {
    component: target.name,
    relations: relations.map((relation) => p.relations.get(relation)!),
    toReceiver: split.toMoved,
  });
  const sending = mapComponent(returned, split.stays, (c) => ({
    ...c,
    rules: [...c.rules, ...made.sender],
  }));
  const joined = readBatches(p, sending, split.moves, made);
  return finish(declareSplitTables(joined, split));
}
