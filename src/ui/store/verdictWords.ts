import type { RuleId } from "../../program/program.ts";
import type { RuleVerdict } from "../../workers/workspaceApi.ts";

/** "1 rewrite applies, 1 lock-step, 2 refused"; what there is none of is left out. */
export function countsWords({ holds, lockstep, violated }: RuleVerdict["counts"]): string {
  const parts = [];
  if (holds > 0) parts.push(`${holds} ${holds === 1 ? "rewrite applies" : "rewrites apply"}`);
  if (lockstep > 0) parts.push(`${lockstep} lock-step`);
  if (violated > 0) parts.push(`${violated} refused`);
  return parts.length === 0 ? "No rewrite is offered" : parts.join(", ");
}

/** What a rule's name in graph and outline adds about it alone; nothing where nothing is offered. */
export function verdictWords(
  verdicts: ReadonlyMap<RuleId, RuleVerdict>,
): ReadonlyMap<RuleId, string> {
  const offered = [...verdicts.values()].filter((verdict) => verdict.verdict !== "none");
  return new Map(offered.map(({ rule, counts }) => [rule, countsWords(counts)]));
}
