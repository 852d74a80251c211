import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { DOWN, globalRules, seenAtNodes } from "../analysis/globalRules.ts";
import { isPersisted } from "../analysis/persistence.ts";
import { quoted } from "../analysis/wording.ts";
import { originalOf } from "../evaluator/environment.ts";
import type { RelationName, Rule } from "../program/program.ts";
import { hasAggregate } from "../program/variables.ts";

/**
 * Why a program cannot be held to an invariant, in a sentence; undefined when it can. Rewrites take an original node apart,
 * and its parts learn at different times: together they are the original as far as what is kept for good goes, and only
 * for an invariant that what is there breaks, not what is missing.
 */
export function whyUnchecked(p: AnalyzedProgram, invariant: RelationName): string | undefined {
  const rules = reached(p, invariant === "post" ? ["pre", "post"] : [invariant]);
  const isGlobal = rules.length > 0;
  const read = isGlobal ? relationsSeen(rules) : [invariant];
  const unknown = read.find((relation) => relation !== DOWN && !p.relations.has(relation));
  if (unknown !== undefined) {
    return isGlobal
      ? `No node has a relation ${quoted(unknown)} in this form.`
      : `No rule derives ${quoted(unknown)} in this form.`;
  }
  const apart = read.filter((relation) => stands(p, relation).some(({ apart: is }) => is));
  // A node's own rules are its parts' rules after a rewrite, each in its own tick.
  if (!isGlobal || apart.length === 0) return undefined;
  const because = "which the parts of a node hold here, and they learn of it at different times";
  if (rules.some(looksForAbsence) || invariant === "post") {
    return `It says that something is missing, and reads ${quoted(apart[0]!)}, ${because}.`;
  }
  const passing = apart.find((relation) =>
    stands(p, relation).some((at) => at.apart && !at.keepsIt),
  );
  return passing === undefined
    ? undefined
    : `It reads ${quoted(passing)}, ${because}; it is not kept for good.`;
}

/** Rules from which these relations follow. */
function reached(p: AnalyzedProgram, from: readonly RelationName[]): readonly Rule[] {
  const all = globalRules(p.program);
  const wanted = new Set(from);
  for (const relation of wanted) {
    for (const { head, body } of all) {
      if (head.relation !== relation) continue;
      for (const literal of body) if (literal.kind === "relation") wanted.add(literal.relation);
    }
  }
  return all.filter((rule) => wanted.has(rule.head.relation));
}

function relationsSeen(rules: readonly Rule[]): readonly RelationName[] {
  const heads = new Set(rules.map((rule) => rule.head.relation));
  const seen = rules.flatMap((rule) =>
    rule.body.flatMap((literal) =>
      literal.kind === "relation" && !heads.has(literal.relation)
        ? (seenAtNodes(literal.relation) ?? [])
        : [],
    ),
  );
  return [...new Set(seen)];
}

function looksForAbsence(rule: Rule): boolean {
  return (
    hasAggregate(rule) ||
    rule.body.some((literal) => literal.kind === "relation" && literal.negated)
  );
}

interface Standing {
  /** Nodes of the component are parts of original ones. */
  readonly apart: boolean;
  /** What the component once has of the relation it has for good. */
  readonly keepsIt: boolean;
}

/** The components whose nodes hold a relation. What clients send and receive they know whatever nodes there are. */
function stands(p: AnalyzedProgram, relation: RelationName): readonly Standing[] {
  const info = p.relations.get(relation);
  const { deployment } = p;
  if (info === undefined || deployment === undefined) return [];
  if (info.toClients || relation === deployment.clients.input) return [];
  const components = info.kind === "chan" ? info.readBy : [...info.readBy, ...info.derivedBy];
  const originals = Object.values(deployment.instances)
    .flat()
    .map((at) => originalOf(deployment, at));
  return [...new Set(components)].map((component) => ({
    apart: (deployment.instances[component] ?? []).some((at) => {
      const original = originalOf(deployment, at);
      return original !== at || originals.filter((one) => one === original).length > 1;
    }),
    keepsIt: isPersisted(p, component, relation) !== undefined,
  }));
}
