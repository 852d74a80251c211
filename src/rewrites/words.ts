import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { joined, ruleNumber } from "../analysis/wording.ts";
import type { RuleId } from "../program/program.ts";

/** "rule 1", "rules 2 to 6", "rules 1, 3 and 5 to 8": runs of three and more as ranges. */
export function numbered(p: AnalyzedProgram, rules: Iterable<RuleId>): string {
  const numbers = [...new Set([...rules].map((id) => ruleNumber(p, id)))].sort((a, b) => a - b);
  const runs: number[][] = [];
  for (const n of numbers) {
    const run = runs.at(-1);
    if (run !== undefined && run.at(-1) === n - 1) run.push(n);
    else runs.push([n]);
  }
  const words = runs.flatMap((run) =>
    run.length > 2 ? [`${run[0]} to ${run.at(-1)}`] : run.map(String),
  );
  return `${numbers.length === 1 ? "rule" : "rules"} ${joined(words)}`;
}

/** The verb in the number of its rules: "reads", "read". */
export function verb(rules: readonly RuleId[], plural: string): string {
  return rules.length === 1 ? `${plural}s` : plural;
}
