import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Finding } from "../analysis/finding.ts";
import { functionalViolations } from "../analysis/ruleClasses.ts";
import { sendCountViolations } from "../analysis/sendCounts.ts";
import { candidate } from "./candidate.ts";
import { classConditions, countedSendConditions } from "./classConditions.ts";
import { crashConditions } from "./crashConditions.ts";
import { foldTarget } from "./fold.ts";
import type { Precondition, Rewrite, Suggestion } from "./rewrite.ts";
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
import { quoted } from "../analysis/wording.ts";

/**
 * decoupleFunctional gives rules that look at one fact at a time a node of their own.
 *
 *     component leader {                                       component leader {
 *       signed(v, s) :- in(v), sign(v, s)                        signed(v, s)@async(d) :- in(v), sign(v, s), my_broadcaster(d)
 *       toStorage(v, s)@async(n) :- signed(v, s), nodes(n)     }
 *     }                                                        component broadcaster {
 *                                                                toStorage(v, s)@async(n) :- signed(v, s), nodes(n)
 *                                                              }
 *
 * Rules without memory answer each fact for itself, so it does not matter when it comes. A rule with two literals, even
 * of one relation, needs two facts at once, and these can miss each other (H-02, case 16); absence may only mean not here
 * yet; a count that travels early is a wrong count; a choice would be another one elsewhere. Facts go one way only: what
 * stays must not read what moves. Clients' relations are relayed. Rules that receive messages of their own, need no
 * fact, or act one tick later make their node's ticks visible; then what stays must be insensitive to ticks (S-04, S-05).
 * A receiver that counts arrivals must get as many as before: one message for one fact (S-19).
 * What a rule that moves keeps over a crash has to come from what outlives one, too: a crash could take what is on its way.
 * A transferred relation that was kept is kept by its copy too, because only what is new of it is sent (S-09).
 * "Optimizing Distributed Protocols with Query Rewrites", section 3.3, Figure 4; rewrites.md section 3.3.
 */
export const decoupleFunctional: Rewrite<SplitTarget> = {
  name: "decoupleFunctional",
  title: "Functional decoupling",
  summary: "Rules that look at one fact at a time get a node of their own.",
  citation: { source: "SIGMOD 2024", where: "section 3.3, Figure 4" },
  targets: (p, selection) => {
    const joinsStay = selection.rules.length > 0 ? "joins stay" : "joins move";
    return [splitTarget(p, selection, joinsStay)].filter((t) => t !== undefined);
  },
  readTarget: readSplitTarget,
  misfit: (p, target) => splitMisfit(p, target, "joins stay"),
  preconditions,
  apply: splitOff,
  defaultName: (_, target) => target.name,
  describe: describeSplit,
};

const STATEMENTS = {
  "two-reads": "No rule that moves reads a relation twice.",
  "two-relations": "Each rule that moves looks at one fact at a time.",
  "changing-negation": "No rule that moves asks for the absence of something that changes.",
  aggregate: "No rule that moves counts or collects.",
  "non-deterministic": "No rule that moves leaves anything to chance.",
} as const;

function preconditions(p: AnalyzedProgram, target: SplitTarget): readonly Precondition[] {
  const halves = halvesOf(p, target);
  const findings = functionalViolations(p, halves.moves);
  const structure = [
    ...oneWayFlow(p, halves),
    ...noSharedReads(p, halves, "copy"),
    ...noClientInputs(p, halves, "relay"),
    ...classConditions(halves, findings, STATEMENTS, (f) => repairOf(p, target, f, findings)),
    ...crashConditions(p, halves),
    ...noEntanglement(p, halves.moves, tickingRules(p, halves.moves)),
    ...countedSendConditions(sendCountViolations(p, halves.moves)),
  ];
  const result = () => candidate(p, splitOff(p, target));
  return withTicks(structure, ticksOfStayers(p, halves.moves, result));
}

/** A join can be folded, a sent aggregate computed before; a rule with another fault beside it gains nothing by that. */
function repairOf(
  p: AnalyzedProgram,
  target: SplitTarget,
  finding: Finding,
  all: readonly Finding[],
): Suggestion | undefined {
  const [place] = finding.evidence;
  const rule = "rule" in place ? p.rules.get(place.rule)?.rule : undefined;
  if (rule === undefined) return undefined;
  const ofRule = all.filter((f) => "rule" in f.evidence[0] && f.evidence[0].rule === rule.id);
  if (ofRule.length > 1) return undefined;
  if (finding.code === "aggregate" && rule.head.timing.kind === "async") {
    const step = {
      rewrite: "splitHead",
      target: { component: target.component, rule: rule.id },
    } as const;
    return {
      sentence: "Computing it in one rule and sending it by another would work.",
      steps: [step],
    };
  }
  const folded =
    finding.code === "two-relations" ? foldTarget(p, target.component, rule) : undefined;
  if (folded === undefined) return undefined;
  const sentence = `Folding the join into one relation that ${quoted(target.component)} derives would work.`;
  return { sentence, steps: [{ rewrite: "fold", target: folded }] };
}
