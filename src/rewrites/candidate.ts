import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram, RuleInfo } from "../analysis/analyzedProgram.ts";
import type { Finding } from "../analysis/finding.ts";
import type { Evidence } from "../program/evidence.ts";
import type { RuleId } from "../program/program.ts";
import type { Rewritten, RuleOrigin } from "./rewrite.ts";
import { reads } from "./terms.ts";

/**
 * The program as a rewrite would leave it, for preconditions that are judged on the result (rewrites.md sections 1.6 and
 * 3). Its rules go by the numbers that the user sees now: a rule that is not there yet goes by the one it is made for.
 */
export interface Candidate {
  readonly program: AnalyzedProgram;
  /** The finding with its evidence in the program before. */
  inTermsOfBefore(finding: Finding): Finding;
  evidenceBefore(evidence: Evidence): Evidence;
}

/** Undefined when the result is not even well-formed: then another precondition says why. */
export function candidate(p: AnalyzedProgram, rewritten: Rewritten): Candidate | undefined {
  const known = candidates.get(rewritten);
  if (known !== undefined) return known;
  const analyzed = analyze(rewritten.program, rewritten.deployment);
  if (analyzed.faults.some((f) => f.severity === "error")) return undefined;
  const made = inUsersNumbers(p, analyzed, rewritten.origins);
  candidates.set(rewritten, made);
  return made;
}

/** What several rewrites would leave alike is looked at once; all of them come from one program. */
const candidates = new WeakMap<Rewritten, Candidate>();

/** A program after a step, its rules numbered as before the step. */
export function inUsersNumbers(
  p: AnalyzedProgram,
  after: AnalyzedProgram,
  origins: ReadonlyMap<RuleId, RuleOrigin>,
): Candidate {
  const standsFor = standIns(p, after, origins);
  const rules = new Map<RuleId, RuleInfo>();
  for (const [id, info] of after.rules) {
    const before = p.rules.get(standsFor.get(id)!)!;
    rules.set(id, { ...info, number: before.number });
  }
  return {
    program: { ...after, rules },
    evidenceBefore: (evidence) => evidenceBefore(p, evidence, standsFor),
    inTermsOfBefore: ({ evidence: [first, ...others], ...finding }) => ({
      ...finding,
      evidence: [
        evidenceBefore(p, first, standsFor),
        ...others.map((e) => evidenceBefore(p, e, standsFor)),
      ],
    }),
  };
}

/** For each rule of the result a rule of the program before: itself, or one that reads or derives what it does. */
function standIns(
  p: AnalyzedProgram,
  after: AnalyzedProgram,
  origins: ReadonlyMap<RuleId, RuleOrigin>,
): ReadonlyMap<RuleId, RuleId> {
  const standsFor = new Map<RuleId, RuleId>();
  for (const [id, origin] of origins) {
    const former = origin.kind === "added" ? undefined : [origin.from].flat()[0];
    if (former !== undefined) standsFor.set(id, former);
  }
  const known = [...standsFor];
  for (const { rule } of after.rules.values()) {
    if (standsFor.has(rule.id)) continue;
    const read = rule.body.flatMap((l) => (l.kind === "relation" ? [l.relation] : []));
    const related = known.find(([id]) =>
      [...read, rule.head.relation].includes(after.rules.get(id)!.rule.head.relation),
    );
    const reader = known.find(([id]) => reads(after.rules.get(id)!.rule, rule.head.relation));
    standsFor.set(rule.id, (related ?? reader)?.[1] ?? [...p.rules.keys()][0]!);
  }
  return standsFor;
}

function evidenceBefore(
  p: AnalyzedProgram,
  evidence: Evidence,
  standsFor: ReadonlyMap<RuleId, RuleId>,
): Evidence {
  const { because } = evidence;
  switch (evidence.kind) {
    case "relation": {
      if (p.relations.has(evidence.relation)) return evidence;
      const rule = [...standsFor].find(([id]) => id.includes(`/${evidence.relation}/`))?.[1];
      return { kind: "rule", rule: rule ?? [...p.rules.keys()][0]!, because };
    }
    case "path":
      return {
        kind: "path",
        rules: [...new Set(evidence.rules.map((id) => standsFor.get(id)!))],
        because,
      };
    case "literal": {
      const rule = standsFor.get(evidence.rule)!;
      const body = p.rules.get(rule)!.rule.body;
      return evidence.index < body.length ? { ...evidence, rule } : { kind: "rule", rule, because };
    }
    case "rule":
    case "head":
      return { ...evidence, rule: standsFor.get(evidence.rule)! };
  }
}
