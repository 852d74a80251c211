import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { kindOfRelation } from "../analysis/componentRules.ts";
import { ins, wholeComponent } from "../analysis/ruleSets.ts";
import { sentByBothHalves } from "../analysis/sendCounts.ts";
import { candidate } from "./candidate.ts";
import { holds, violated, worst } from "./conditions.ts";
import type { Chain, Precondition, Rewrite } from "./rewrite.ts";
import {
  halvesOf,
  noClientInputs,
  noEntanglement,
  noRelationOnBothSides,
  noSameTickFlow,
  noSharedReads,
} from "./splitConditions.ts";
import { movedSet, splitOff } from "./splitOff.ts";
import type { SplitTarget } from "./splitOff.ts";
import {
  complementTarget,
  describeSplit,
  readSplitTarget,
  splitMisfit,
  splitTarget,
} from "./splitTargets.ts";
import { insensitiveToTicks, withTicks } from "./tickConditions.ts";

/**
 * decoupleMutuallyIndependent gives a group of rules that exchanges nothing with the others within a tick a node of its own.
 *
 *     component leader {                                      component leader {
 *       voteReq(x)@async(p) :- in(x), participants(p)           voteReq(x)@async(p) :- in(x), participants(p)
 *       votes(s, x) :- vote(s, x)                             }
 *       …                                                     component collector {
 *     }                                                         votes(s, x) :- vote(s, x)
 *                                                               …
 *                                                             }
 *     vote(l, x)@async(d) :- …, leader(d)                     vote(l, x)@async(d2) :- …, leader(d), fwd_collector(d, d2)
 *
 * The groups are two programs that happen to share a machine. They may send each other messages: both ends expect any
 * delay already, so only facts read in the same node count (H-01). They may not read one relation, not even an input:
 * a client could see one half after a command and then the other half before it (case 02). Clients' relations cannot be
 * redirected. A relation that both derive would be one half here and one half there, unless nobody reads it. On one node
 * each tick of one half is a tick of the other; where either half can tell ticks apart, the rewrite is right in lock-step
 * only (H-09), and then both halves may not send one channel whose receiver counts (S-19).
 * "Optimizing Distributed Protocols with Query Rewrites", section 3.1, Figure 2; rewrites.md section 3.1.
 */
export const decoupleMutuallyIndependent: Rewrite<SplitTarget> = {
  name: "decoupleMutuallyIndependent",
  title: "Mutually independent decoupling",
  summary: "Two groups of rules that exchange nothing within a tick get a node each.",
  citation: { source: "SIGMOD 2024", where: "section 3.1, Figure 2" },
  targets: (p, selection) => {
    if (selection.rules.length === 0) return [];
    const target = splitTarget(p, selection);
    if (target === undefined) return [];
    const other = holdsClientInput(p, target) ? complementTarget(p, target) : undefined;
    return other === undefined ? [target] : [target, other];
  },
  readTarget: readSplitTarget,
  misfit: splitMisfit,
  preconditions,
  apply: splitOff,
  defaultName: (_, target) => target.name,
  describe: describeSplit,
};

function preconditions(
  p: AnalyzedProgram,
  target: SplitTarget,
  chain: Chain,
): readonly Precondition[] {
  const halves = halvesOf(p, target);
  const structure = [
    ...noSameTickFlow(p, halves),
    ...noSharedReads(p, halves, "none"),
    ...noClientInputs(p, halves, "none"),
    ...noRelationOnBothSides(p, halves),
    ...noEntanglement(p, halves.moves, wholeComponent(p, target.component)),
  ];
  const result = candidate(p, splitOff(p, target));
  if (result === undefined) return structure;
  const ticks = insensitiveToTicks(result, [target.component, target.name]);
  const bound = chain.lockstep || worst(ticks) === "lockstep";
  return withTicks(structure, [...ticks, ...(bound ? countedSends(p, target) : [])]);
}

function countedSends(p: AnalyzedProgram, target: SplitTarget): readonly Precondition[] {
  const found = sentByBothHalves(p, movedSet(target));
  if (found.length > 0) return found.map((finding) => violated(finding));
  return [
    holds(
      "sends-counted",
      "No channel whose receiver could count arrivals is sent by both groups, so ticks in step send nothing twice.",
    ),
  ];
}

function holdsClientInput(p: AnalyzedProgram, target: SplitTarget): boolean {
  return [...ins(p, movedSet(target)).keys()].some((r) => kindOfRelation(p, r) === "env");
}
