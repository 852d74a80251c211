import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { idbLiterals } from "../analysis/componentRules.ts";
import type { Finding } from "../analysis/finding.ts";
import { carriesOver } from "../analysis/persistence.ts";
import { ins, rulesOf, wholeComponent } from "../analysis/ruleSets.ts";
import type { RuleSet } from "../analysis/ruleSets.ts";
import { tickFindings, tickSensitivity } from "../analysis/tickInsensitivity.ts";
import { capitalized, joined, ruleName } from "../analysis/wording.ts";
import type { ComponentName } from "../program/program.ts";
import type { Candidate } from "./candidate.ts";
import { holds, onlyInLockstep, worst } from "./conditions.ts";
import type { Precondition } from "./rewrite.ts";

/**
 * TI of components as the rewrite would leave them (rewrites.md section 1.6): nothing that can be seen depends on how
 * often a node ticks. Where it does, the rewrite is sound in lock-step only (H-09).
 */
export function insensitiveToTicks(
  result: Candidate,
  components: readonly ComponentName[],
): readonly Precondition[] {
  const findings = components.flatMap((component) => tickFindings(result.program, component));
  if (findings.length > 0)
    return findings.map((finding) => lockstep(result.inTermsOfBefore(finding)));
  const resends = components.flatMap((c) => tickSensitivity(result.program, c).resends);
  const harmless = resends.map(
    (resend) =>
      result.inTermsOfBefore({
        code: "tick-sensitive",
        statement: "",
        evidence: [
          { ...resend.evidence, because: `what is sent again does no harm: ${resend.because}` },
        ],
      }).evidence[0],
  );
  const statement = `Nothing that anybody can see depends on how often ${joined(components)} tick${components.length === 1 ? "s" : ""}.`;
  return [holds("tick-sensitive", statement, harmless)];
}

/**
 * TICKS of sections 3.2 and 3.3: a half that moves and whose own ticks nobody sees (no input, no seed, no next rule of its
 * own) leaves the ticks of the half that stays as they were; else that half must be insensitive to them (S-04, S-05).
 */
export function ticksOfStayers(
  p: AnalyzedProgram,
  moves: RuleSet,
  resultOf: () => Candidate | undefined,
): readonly Precondition[] {
  if (ticksAreSeen(p, moves)) {
    const result = resultOf();
    if (result === undefined) return [];
    return [...standingSends(p, moves), ...insensitiveToTicks(result, [moves.component])];
  }
  return [
    holds(
      "tick-sensitive",
      "The rules that move only follow what is sent to them, so their node adds no ticks that anybody sees.",
    ),
  ];
}

/** The rules whose nodes' ticks are no longer those of the original: of both halves when the moved one's are seen. */
export function tickingRules(p: AnalyzedProgram, moves: RuleSet): RuleSet {
  return ticksAreSeen(p, moves) ? wholeComponent(p, moves.component) : moves;
}

/** A rule that sends without any fact sends on every tick of the new node: right in lock-step only (section 3.3). */
function standingSends(p: AnalyzedProgram, moves: RuleSet): readonly Precondition[] {
  return rulesOf(p, moves)
    .filter((rule) => rule.head.timing.kind === "async" && idbLiterals(p, rule).length === 0)
    .map((rule) =>
      lockstep({
        code: "tick-sensitive",
        statement: `${ruleName(p, rule.id)} needs no fact and sends on every tick.`,
        evidence: [{ kind: "rule", rule: rule.id, because: "sends on every tick of its node" }],
      }),
    );
}

function ticksAreSeen(p: AnalyzedProgram, moves: RuleSet): boolean {
  return (
    ins(p, moves).size > 0 ||
    rulesOf(p, moves).some(
      (rule) =>
        idbLiterals(p, rule).length === 0 ||
        (rule.head.timing.kind === "next" && !isPersistence(rule)),
    )
  );
}

function isPersistence(rule: Parameters<typeof carriesOver>[0]): boolean {
  return carriesOver(rule) !== undefined && rule.body.length === 1;
}

/**
 * Conditions on the result after those on the program before. Of a split that is refused anyway only what stands in its
 * way is said: there is no result of which anything holds.
 */
export function withTicks(
  structure: readonly Precondition[],
  ticks: readonly Precondition[],
): readonly Precondition[] {
  const isRefused = worst(structure) === "violated";
  return [...structure, ...ticks.filter((c) => !isRefused || c.verdict !== "holds")];
}

export function lockstep(finding: Finding): Precondition {
  return onlyInLockstep({
    ...finding,
    code: "tick-sensitive",
    statement: `${capitalized(finding.statement)} Correct if sibling nodes tick together.`,
  });
}
