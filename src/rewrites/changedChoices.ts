import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { chances, choosesAny } from "../analysis/componentRules.ts";
import { capitalized, joined, quoted, ruleName } from "../analysis/wording.ts";
import type { RelationName, Rule, RuleId } from "../program/program.ts";
import type { Precondition, Rewritten, Suggestion } from "./rewrite.ts";

/** Whether some rule of the program chooses among its rows, or numbers them. */
export function hasChoices(p: AnalyzedProgram): boolean {
  return p.program.components.some((c) => c.rules.some(choosesAny));
}

/**
 * W7: a rule that chooses among its rows, or numbers them, takes one literal more or less as other rows, and a copy of it
 * may choose otherwise. So a step leaves each as it is, once.
 */
export function changedChoices(p: AnalyzedProgram, rewritten: Rewritten): readonly Precondition[] {
  const kept = new Map<RuleId, number>();
  const changed = new Map<RuleId, Rule[]>();
  for (const rule of rewritten.program.components.flatMap((c) => c.rules)) {
    const origin = rewritten.origins.get(rule.id);
    if (origin?.kind === "kept") kept.set(origin.from, (kept.get(origin.from) ?? 0) + 1);
    if (origin?.kind !== "changed") continue;
    for (const from of origin.from) changed.set(from, [...(changed.get(from) ?? []), rule]);
  }
  return [...p.rules.values()].flatMap(({ rule }): readonly Precondition[] => {
    const [chance] = chances(p, rule);
    if (chance === undefined || kept.get(rule.id) === 1) return [];
    const { name, place } = chance;
    return [
      {
        verdict: "violated",
        code: "non-deterministic",
        statement: `${capitalized(ruleName(p, rule.id))} uses ${quoted(name)}, and the step would change what it chooses from.`,
        evidence: [{ ...place, because: `chooses by ${quoted(name)}` }],
        ...mended(rule, changed.get(rule.id) ?? []),
      },
    ];
  });
}

/**
 * What keeps the choice out of the step's way: a rule before it takes what the step would change of the body, a rule
 * behind it what the step would change of the send. Nothing is known to help where the step copies the rule.
 */
function mended(rule: Rule, changed: readonly Rule[]): { readonly suggestion?: Suggestion } {
  const old = relationsRead(rule);
  const all = changed.map(relationsRead);
  const lost = [...old].filter((relation) => all.some((read) => !read.has(relation)));
  const more = all.some((read) => [...read].filter((r) => !old.has(r)).length > lost.length);
  const names = joined(lost.map(quoted));
  const before = `Let another rule read ${names} first, and this one choose from what that derives`;
  const sends = more && rule.head.timing.kind === "async";
  if (lost.length > 0) {
    const sentence = sends ? `${before}, and a third one send what it chose.` : `${before}.`;
    return { suggestion: { sentence, byHand: true } };
  }
  if (!sends) return {};
  const sentence = "Let this rule only choose, and another one send what it chose.";
  return { suggestion: { sentence, byHand: true } };
}

function relationsRead({ body }: Rule): ReadonlySet<RelationName> {
  return new Set(body.flatMap((l) => (l.kind === "relation" ? [l.relation] : [])));
}
