import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { isInputKind, kindOfRelation } from "../analysis/componentRules.ts";
import { selfAsData, tickAsData } from "../analysis/entanglement.ts";
import {
  complement,
  derivedOnBoth,
  ins,
  rulesOf,
  sharedReads,
  transferred,
} from "../analysis/ruleSets.ts";
import type { RuleSet } from "../analysis/ruleSets.ts";
import { capitalized, joined, quoted, ruleNames } from "../analysis/wording.ts";
import type { Place } from "../program/evidence.ts";
import type { RelationName, RuleId } from "../program/program.ts";
import { culprits, evidenceAt, holds, violated } from "./conditions.ts";
import type { Precondition, StepRequest, Suggestion } from "./rewrite.ts";
import { movedSet } from "./splitOff.ts";
import type { SplitTarget } from "./splitOff.ts";
import { numbered, verb } from "./words.ts";

/** The two halves of a split, C1 and C2 of rewrites.md section 3. */
export interface Halves {
  readonly target: SplitTarget;
  readonly stays: RuleSet;
  readonly moves: RuleSet;
}

export function halvesOf(p: AnalyzedProgram, target: SplitTarget): Halves {
  const moves = movedSet(target);
  return { target, moves, stays: complement(p, moves) };
}

/** No rule reads in the same node what a rule of the other half derives (mutual independence, section 3.1). */
export function noSameTickFlow(p: AnalyzedProgram, halves: Halves): readonly Precondition[] {
  const { stays, moves } = halves;
  const flows = [
    ...flowsBetween(p, stays, moves, "moves"),
    ...flowsBetween(p, moves, stays, "stays"),
  ].map((flow) =>
    violated(
      { ...flow, code: "same-tick-flow" },
      flow.does === "moves"
        ? { sentence: "Functional or monotonic decoupling could send it over." }
        : undefined,
    ),
  );
  if (flows.length > 0) return flows;
  return [
    holds(
      "same-tick-flow",
      `${capitalized(groups(p, halves))} hand each other nothing within a node.`,
      evidenceAt(ruleEvidence([...moves.rules]), "reads nothing that the rules that stay derive"),
    ),
  ];
}

/** What stays reads nothing that moves (independence of one side, sections 3.2 and 3.3). */
export function oneWayFlow(p: AnalyzedProgram, halves: Halves): readonly Precondition[] {
  const back = flowsBetween(p, halves.moves, halves.stays, "stays");
  if (back.length > 0) {
    return back.map((flow) => violated({ ...flow, code: "direction" }));
  }
  const over = [...transferred(p, halves.stays, halves.moves)];
  const sent = over.length === 0 ? "nothing" : joined(over.map(([r]) => quoted(r)));
  return [
    holds(
      "direction",
      `Facts go one way only: the rules that stay read nothing that moves; ${sent} ${over.length > 1 ? "are" : "is"} sent over.`,
      over.flatMap(([relation, { readers }]) =>
        evidenceAt(readers, `reads ${quoted(relation)}, which is sent over`),
      ),
    ),
  ];
}

/** What moves reads nothing that stays (independence of the other side, section 3.5): it is upstream. */
export function upstreamFlow(p: AnalyzedProgram, halves: Halves): readonly Precondition[] {
  const over = flowsBetween(p, halves.stays, halves.moves, "moves");
  if (over.length > 0) return over.map((flow) => violated({ ...flow, code: "direction" }));
  const back = [...transferred(p, halves.moves, halves.stays)];
  const sent = back.length === 0 ? "nothing" : joined(back.map(([r]) => quoted(r)));
  return [
    holds(
      "direction",
      `Facts go one way only: the rules that move read nothing that stays; ${sent} ${back.length > 1 ? "are" : "is"} sent back.`,
      back.flatMap(([relation, { readers }]) =>
        evidenceAt(readers, `reads ${quoted(relation)}, which is sent back`),
      ),
    ),
  ];
}

function flowsBetween(p: AnalyzedProgram, from: RuleSet, to: RuleSet, does: "moves" | "stays") {
  return [...transferred(p, from, to)].map(([relation, { producers, readers }]) => {
    const readerRules = rulesAt(readers);
    return {
      does,
      statement: `${capitalized(ruleNames(p, readerRules))} ${verb(readerRules, does.slice(0, -1))} and ${verb(readerRules, "read")} ${quoted(relation)}, which would now arrive late from the other node.`,
      evidence: culprits([
        ...evidenceAt(readers, `reads ${quoted(relation)}`),
        ...evidenceAt(producers, `derives ${quoted(relation)} on the other side`),
      ]),
    };
  });
}

/** refs(C1) ∩ refs(C2) = ∅ (section 1.1). `repair` is whether the class of the half that moves allows a copy. */
export function noSharedReads(
  p: AnalyzedProgram,
  halves: Halves,
  repair: "copy" | "none",
): readonly Precondition[] {
  const shared = [...sharedReads(p, halves.stays, halves.moves)];
  if (shared.length === 0) {
    return [
      holds(
        "shared-read",
        halves.stays.rules.size === 0
          ? "No rule stays that could read the same."
          : `${capitalized(groups(p, halves))} read different relations.`,
        evidenceAt(ruleEvidence([...halves.moves.rules]), "reads no relation that the others read"),
      ),
    ];
  }
  return shared.map(([relation, places]) =>
    violated(
      {
        code: "shared-read",
        statement: sharedReadStatement(p, relation),
        evidence: culprits(evidenceAt(places, `reads ${quoted(relation)}`)),
      },
      repair === "copy"
        ? copySuggestion(p, halves, relation)
        : {
            sentence: `Sent over by functional or monotonic decoupling, a copy of ${quoted(relation)} may do.`,
          },
    ),
  );
}

function sharedReadStatement(p: AnalyzedProgram, relation: RelationName): string {
  return isInputKind(kindOfRelation(p, relation))
    ? `Both groups read ${quoted(relation)}. A client could see one half after a command and the other half before it.`
    : `Both groups read ${quoted(relation)}, which only one of two nodes would have.`;
}

/** A copy for the half that moves; a relay where clients send the relation. */
function copySuggestion(
  p: AnalyzedProgram,
  { target, moves }: Halves,
  relation: RelationName,
): Suggestion | undefined {
  const rules = rulesOf(p, moves);
  if (rules.some((rule) => rule.head.relation === relation)) return undefined;
  const readers = readersOf(p, moves, relation);
  if (kindOfRelation(p, relation) === "env") return relaySuggestion(target, relation, readers);
  const step: StepRequest = {
    rewrite: "copySplit",
    target: { component: target.component, relation, rules: readers },
  };
  return {
    sentence: `A copy of ${quoted(relation)} for the rules that move would mend this.`,
    steps: [step],
  };
}

/** ins(C2) holds no relation that clients send: they cannot be redirected (section 2). */
export function noClientInputs(
  p: AnalyzedProgram,
  halves: Halves,
  repair: "relay" | "none",
): readonly Precondition[] {
  const { target, moves } = halves;
  const sent = [...ins(p, moves)].filter(([relation]) => kindOfRelation(p, relation) === "env");
  if (sent.length === 0) {
    return [
      holds(
        "client-input",
        `Clients send nothing to the rules that move, so no client has to learn another address.`,
      ),
    ];
  }
  return sent.map(([relation, places]) => {
    const readers = readersOf(p, moves, relation);
    const timer = p.relations.get(relation)?.timerMs !== undefined;
    return violated(
      {
        code: "client-input",
        statement: timer
          ? `The timer ${quoted(relation)} fires at ${target.component}; it cannot be told to fire elsewhere.`
          : `Clients send ${quoted(relation)} to the address of ${target.component}; Clew does not change clients.`,
        evidence: culprits(
          evidenceAt(places, `reads ${quoted(relation)}, which comes from outside`),
        ),
      },
      repair === "relay"
        ? relaySuggestion(target, relation, readers)
        : { sentence: "A relay and functional or monotonic decoupling could work." },
    );
  });
}

function relaySuggestion(
  target: SplitTarget,
  relation: RelationName,
  rules: readonly RuleId[],
): Suggestion {
  const step: StepRequest = {
    rewrite: "relay",
    target: { component: target.component, relation, rules },
  };
  return { sentence: "A relay would work.", steps: [step] };
}

/**
 * ¬ent(tick), and canonical self (section 1.7). Only rules that move or are copied change their address, but the tick
 * number is another one wherever a node no longer sees all the ticks of the original.
 */
export function noEntanglement(
  p: AnalyzedProgram,
  set: RuleSet,
  ticking: RuleSet = set,
): readonly Precondition[] {
  const ticks = tickAsData(p, ticking);
  const own = selfAsData(p, set);
  const addressed = own.flatMap((finding) => finding.evidence);
  return [
    ...(ticks.length > 0
      ? ticks.map((finding) => violated(finding))
      : [holds("tick-as-data", "No rule of them puts the tick number into data.")]),
    own.length > 0
      ? holds(
          "self-as-data",
          `${capitalized(ruleNames(p, rulesAt(addressed)))} ${verb(rulesAt(addressed), "use")} the node's own address as data. Clew puts the original node's address there instead.`,
          addressed,
        )
      : holds("self-as-data", "No rule of them uses the node's own address as data."),
  ];
}

/** both(C1,C2) holds only what nothing reads (section 3.1). */
export function noRelationOnBothSides(p: AnalyzedProgram, halves: Halves): readonly Precondition[] {
  const both = [...derivedOnBoth(p, halves.stays, halves.moves)];
  const read = both.filter(([relation]) => p.relations.get(relation)!.readBy.length > 0);
  if (read.length > 0) {
    return read.map(([relation, places]) =>
      violated({
        code: "derived-on-both-sides",
        statement: `Both groups derive ${quoted(relation)}, which then would be one half here and one half there.`,
        evidence: culprits(evidenceAt(places, `derives ${quoted(relation)}`)),
      }),
    );
  }
  if (both.length === 0) {
    return [holds("derived-on-both-sides", "No relation is derived by both groups.")];
  }
  return both.map(([relation, places]) =>
    holds(
      "derived-on-both-sides",
      `Both groups write ${quoted(relation)}, which nothing reads: it becomes two logs.`,
      evidenceAt(places, `writes ${quoted(relation)}`),
    ),
  );
}

function readersOf(p: AnalyzedProgram, set: RuleSet, relation: RelationName): readonly RuleId[] {
  return rulesOf(p, set)
    .filter((rule) => rule.body.some((l) => l.kind === "relation" && l.relation === relation))
    .map((rule) => rule.id);
}

function rulesAt(places: readonly Place[]): readonly RuleId[] {
  return [...new Set(places.flatMap((place) => ("rule" in place ? [place.rule] : [])))];
}

function ruleEvidence(rules: readonly RuleId[]): readonly Place[] {
  return rules.map((rule) => ({ kind: "rule", rule }));
}

/** "rules 2 to 6 and rule 1" */
function groups(p: AnalyzedProgram, { stays, moves }: Halves): string {
  return `${numbered(p, moves.rules)} and ${numbered(p, stays.rules)}`;
}
