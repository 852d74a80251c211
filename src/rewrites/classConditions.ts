import type { Finding } from "../analysis/finding.ts";
import { evidenceAt, holds, violated } from "./conditions.ts";
import type { Precondition, Suggestion } from "./rewrite.ts";
import type { Halves } from "./splitConditions.ts";

/** One condition for each code of a rule class: its violations, or the sentence that says that it holds. */
export function classConditions(
  { moves }: Halves,
  findings: readonly Finding[],
  statements: Readonly<Record<string, string>>,
  repairOf: (finding: Finding) => Suggestion | undefined,
): readonly Precondition[] {
  const rules = [...moves.rules].map((rule) => ({ kind: "rule", rule }) as const);
  const clear = Object.entries(statements).filter(
    ([code]) => !findings.some((f) => f.code === code),
  );
  return [
    ...findings.map((finding) => violated(finding, repairOf(finding))),
    ...clear.map(([code, statement]) => holds(code, statement, evidenceAt(rules, "moves"))),
  ];
}

/** MULT (rewrites.md section 3): who counts arrivals gets as many as before. */
export function countedSendConditions(findings: readonly Finding[]): readonly Precondition[] {
  if (findings.length > 0) return findings.map((finding) => violated(finding));
  return [
    holds("sends-counted", "Every receiver that could count messages gets as many as before."),
  ];
}
