import { isInputKind } from "../analysis/componentRules.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { capitalized, quoted, ruleNames } from "../analysis/wording.ts";
import { culprits, evidenceAt, holds, violated } from "./conditions.ts";
import { copyName, readThroughCopy } from "./readThroughCopy.ts";
import type { CopyTarget } from "./readThroughCopy.ts";
import type { Precondition, Rewrite } from "./rewrite.ts";
import { componentOf, missing, rulesIn, TargetReader } from "./targets.ts";
import { reads } from "./terms.ts";
import { verb } from "./words.ts";

/**
 * copySplit lets some rules read a relation through a copy of it, so that both halves of a split can have it.
 *
 *     numACKs(count<src>, v) :- acks(src, v)          acks_copy(src, v) :- acks(src, v)
 *     bad(v) :- acks(s, v), acks(t, v), s != t        numACKs(count<src>, v) :- acks(src, v)
 *                                                     bad(v) :- acks_copy(s, v), acks_copy(t, v), s != t
 *
 * On one node the copy holds just what the relation holds, in the same tick, so nothing can be told apart. The rules that
 * read the copy must not derive the relation: what they derive would be missing from the copy once they move away, and a
 * rule that keeps the relation would no longer be seen to keep it. Clients' relations are relayed instead (relay).
 * "Optimizing Distributed Protocols with Query Rewrites", section 3.2; rewrites.md section 1.2.
 */
export const copySplit: Rewrite<CopyTarget> = {
  name: "copySplit",
  title: "Copy for a split",
  summary:
    "Some rules read a relation through a copy of it, so that they can move away with the copy.",
  citation: { source: "SIGMOD 2024", where: "section 3.2" },
  targets: () => [],
  readTarget: readCopyTarget,
  misfit: (p, target) =>
    missing(p, target.component, target.rules) ??
    notRead(p, target) ??
    (p.relations.get(target.relation)?.kind === "env"
      ? `Clients send ${quoted(target.relation)}: it is relayed, not copied.`
      : undefined),
  preconditions,
  apply: (p, target) =>
    readThroughCopy(
      p,
      target,
      "copy",
      `${quoted(target.relation)} is read through a copy, so that these rules can move away with it.`,
    ),
  defaultName: (p, target) => copyName(p, target, "copy"),
  describe: (p, target) => `${target.relation} → ${copyName(p, target, "copy")}`,
};

function preconditions(p: AnalyzedProgram, target: CopyTarget): readonly Precondition[] {
  const rules = rulesIn(p, target.component, target.rules);
  const deriving = rules.filter((rule) => rule.head.relation === target.relation);
  const relation = quoted(target.relation);
  if (deriving.length === 0) {
    const readers = rules.map((rule) => ({ kind: "rule", rule: rule.id }) as const);
    return [
      holds(
        "derived-on-both-sides",
        `${capitalized(ruleNames(p, target.rules))} ${verb(target.rules, "read")} ${relation} through a copy, which holds the same at every tick.`,
        evidenceAt(readers, `reads the copy of ${relation}`),
      ),
    ];
  }
  const heads = deriving.map((rule) => ({ kind: "head", rule: rule.id }) as const);
  return [
    violated({
      code: "derived-on-both-sides",
      statement: `${capitalized(
        ruleNames(
          p,
          deriving.map((r) => r.id),
        ),
      )} ${verb(
        deriving.map((r) => r.id),
        "derive",
      )} ${relation}. A copy would not hold what is derived after the move.`,
      evidence: culprits(evidenceAt(heads, `derives ${relation}`)),
    }),
  ];
}

/** The fields that copySplit and relay share. */
export function readCopyTarget(json: unknown): CopyTarget | string {
  const reader = new TargetReader(json, ["component", "relation", "rules"]);
  return reader.read({
    component: reader.name("component"),
    relation: reader.name("relation"),
    rules: reader.names("rules"),
  });
}

export function notRead(p: AnalyzedProgram, target: CopyTarget): string | undefined {
  const component = componentOf(p, target.component);
  const info = p.relations.get(target.relation);
  if (info === undefined || component === undefined) {
    return `There is no relation ${quoted(target.relation)}.`;
  }
  const reader = rulesIn(p, target.component, target.rules).some((r) => reads(r, target.relation));
  if (!reader) return `None of the rules reads ${quoted(target.relation)}.`;
  return isInputKind(info.kind) || info.kind === "local"
    ? undefined
    : `${quoted(target.relation)} is constant: both halves have it already.`;
}
