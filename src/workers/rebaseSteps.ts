import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { printRule } from "../program/printCompact.ts";
import type { Rule, RuleId } from "../program/program.ts";
import { knotAfter } from "./replayDocument.ts";
import type { ReplayedKnot } from "./replayDocument.ts";
import type { DocumentStep } from "./workspaceApi.ts";

/**
 * The steps of a derivation after an edit of its base, with targets in the new rule ids: an id counts rules with one
 * head in text order, so a rule added above others moves their ids (files.md, Rule ids).
 */
export function rebaseSteps(
  before: readonly ReplayedKnot[],
  base: AnalyzedProgram,
  steps: readonly DocumentStep[],
): readonly DocumentStep[] {
  const rebased: DocumentStep[] = [];
  let now: ReplayedKnot | undefined = undefined;
  let program: AnalyzedProgram | undefined = base;
  steps.forEach((step, index) => {
    const old = before[index]?.program;
    const mapped: DocumentStep =
      program === undefined || old === undefined ? step : withIds(step, movedIds(old, program));
    rebased.push(mapped);
    if (program === undefined) return;
    now = knotAfter(program, now?.chain ?? before[0]!.chain, mapped, index + 1);
    program = now.program;
  });
  return rebased;
}

/** Ids that another rule has now, to the id that their own rule has now. */
export function movedIds(
  before: AnalyzedProgram,
  after: AnalyzedProgram,
): ReadonlyMap<RuleId, RuleId> {
  const moved = new Map<RuleId, RuleId>();
  const groupsAfter = byHead(after);
  for (const [head, old] of byHead(before)) {
    const left = [...(groupsAfter.get(head) ?? [])];
    const unmatched: Rule[] = [];
    for (const rule of old) {
      const same = left.findIndex((other) => printRule(other) === printRule(rule));
      if (same === -1) unmatched.push(rule);
      else moved.set(rule.id, left.splice(same, 1)[0]!.id);
    }
    // An edited rule is the one that is left over at its place.
    unmatched.forEach((rule, i) => {
      const other = left[i];
      if (other !== undefined) moved.set(rule.id, other.id);
    });
  }
  return new Map([...moved].filter(([from, to]) => from !== to));
}

function byHead(p: AnalyzedProgram): ReadonlyMap<string, readonly Rule[]> {
  const groups = new Map<string, Rule[]>();
  for (const { rule, component } of p.rules.values()) {
    const key = `${component}/${rule.head.relation}`;
    groups.set(key, [...(groups.get(key) ?? []), rule]);
  }
  return groups;
}

function withIds(step: DocumentStep, moved: ReadonlyMap<RuleId, RuleId>): DocumentStep {
  if (step.rewrite === "by-hand" || moved.size === 0) return step;
  return { ...step, target: mapStrings(step.target, (text) => moved.get(text) ?? text) };
}

function mapStrings(json: unknown, map: (text: string) => string): unknown {
  if (typeof json === "string") return map(json);
  if (Array.isArray(json)) return json.map((item) => mapStrings(item, map));
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [key, mapStrings(value, map)]),
  );
}
