import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { monotoneViolations } from "../analysis/ruleClasses.ts";
import { sendCountViolations } from "../analysis/sendCounts.ts";
import { candidate } from "./candidate.ts";
import { waitingForAtLeast, withCertificates } from "./certificates.ts";
import { classConditions, countedSendConditions } from "./classConditions.ts";
import { crashConditions } from "./crashConditions.ts";
import type { Precondition, Rewrite, Rewritten } from "./rewrite.ts";
import {
  halvesOf,
  noClientInputs,
  noEntanglement,
  noSharedReads,
  oneWayFlow,
} from "./splitConditions.ts";
import { splitOff } from "./splitOff.ts";
import type { SplitTarget } from "./splitOff.ts";
import { describeSplit, readSplitTarget, splitMisfit, splitTarget } from "./splitTargets.ts";
import { tickingRules, ticksOfStayers, withTicks } from "./tickConditions.ts";

/**
 * decoupleMonotonic gives rules that only accumulate a node of their own.
 *
 *     component leader {                                       component leader {
 *       acks(s, v, n) :- fromStorage(s, v, n)                    acks(s, v, n) :- fromStorage(s, v, n)
 *       acks(s, v, n)@next :- acks(s, v, n)                      acks(s, v, n)@next :- acks(s, v, n)
 *       bad(v)@async(c) :-                                       acks_copy(s, v, n)@async(d) :-
 *         acks(s, v, n), acks(t, v, m), n != m, client(c)          acks(s, v, n), !acks_sent(s, v, n), my_checker(d)
 *     }                                                          …
 *                                                              }
 *                                                              component checker {
 *                                                                acks_at_checker(s, v, n) :- acks_copy(s, v, n)
 *                                                                acks_at_checker(s, v, n)@next :- acks_at_checker(s, v, n)
 *                                                                bad(v)@async(c) :-
 *                                                                  acks_at_checker(s, v, n), acks_at_checker(t, v, m), …
 *                                                              }
 *
 * Rules over facts that are kept for good give the same answers later when facts come late or in another order. What is
 * gone after a tick must not be kept for them: keeping it gives answers that the original never gives (H-15). Absence
 * and aggregates can be taken back by a later fact; a threshold over what is kept cannot: at least two, once two are
 * there, and exactly two where there can never be three (H-17). That there cannot is declared: `within acks.s of
 * storageNodes`, and the table has as many rows as are waited for; the rule then waits for at least as many.
 * What is deleted on an event may be missed by a rule that still needs it (H-16). It is not when the event is derived from
 * everything else that the rule reads, with the key the same, so that the rule sends in the tick of the deletion, and when
 * a second fact of the key cannot say anything new: `fd req: i -> b`.
 * Facts go one way only, clients' relations are relayed, and visible ticks of the new node need a half that stays and is
 * insensitive to ticks (S-04, S-05). A receiver that counts arrivals must get as many as before (S-19).
 * What outlives a crash was written in the tick that derived it; now it is written when what goes over arrives, and a crash
 * before that takes it for good, unless the half that stays has it written too and tells it again. Or what is on its way
 * outlives the crash in which the node forgets it, and meets later facts. So a node that keeps nothing durable must not
 * start again after a crash (docs/soundness.md).
 * "Optimizing Distributed Protocols with Query Rewrites", section 3.2, Figure 3; rewrites.md section 3.2.
 */
export const decoupleMonotonic: Rewrite<SplitTarget> = {
  name: "decoupleMonotonic",
  title: "Monotonic decoupling",
  summary: "Rules that only accumulate get a node of their own.",
  citation: { source: "SIGMOD 2024", where: "section 3.2, Figure 3" },
  targets: (p, selection) => [splitTarget(p, selection)].filter((t) => t !== undefined),
  readTarget: readSplitTarget,
  misfit: splitMisfit,
  preconditions,
  apply,
  defaultName: (_, target) => target.name,
  describe: describeSplit,
};

const STATEMENTS = {
  "not-kept":
    "Every fact that a rule joins is kept for good, so it does not matter which comes first.",
  "changing-negation": "No rule that moves asks for the absence of something that changes.",
  aggregate: "No rule that moves counts or collects.",
  "exact-threshold": "No rule that moves waits for an exact count.",
  "forgets-early": "No rule that moves needs what is deleted on an event.",
  "non-deterministic": "No rule that moves leaves anything to chance.",
} as const;

function preconditions(p: AnalyzedProgram, target: SplitTarget): readonly Precondition[] {
  const halves = halvesOf(p, target);
  const findings = monotoneViolations(p, halves.moves);
  const structure = [
    ...oneWayFlow(p, halves),
    ...noSharedReads(p, halves, "copy"),
    ...noClientInputs(p, halves, "relay"),
    ...withCertificates(
      p,
      halves.moves,
      classConditions(halves, findings, STATEMENTS, () => undefined),
    ),
    ...crashConditions(p, halves),
    ...noEntanglement(p, halves.moves, tickingRules(p, halves.moves)),
    ...countedSendConditions(sendCountViolations(p, halves.moves)),
  ];
  const result = () => candidate(p, apply(p, target));
  return withTicks(structure, ticksOfStayers(p, halves.moves, result));
}

function apply(p: AnalyzedProgram, target: SplitTarget): Rewritten {
  return waitingForAtLeast(p, halvesOf(p, target).moves, splitOff(p, target));
}
