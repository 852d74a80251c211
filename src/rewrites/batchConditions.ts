import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { idbLiterals } from "../analysis/componentRules.ts";
import { existence, whyNotInputDerived } from "../analysis/existence.ts";
import type { Finding } from "../analysis/finding.ts";
import { complement, rulesOf } from "../analysis/ruleSets.ts";
import type { RuleSet, Transfer } from "../analysis/ruleSets.ts";
import { capitalized, quoted, ruleName } from "../analysis/wording.ts";
import type { ComponentName, RelationName, Rule, RuleId } from "../program/program.ts";
import { culprits, evidenceAt, holdsWithCaution, violated } from "./conditions.ts";
import { durableName, durableOnNode } from "./crashConditions.ts";
import type { Precondition } from "./rewrite.ts";
import { withoutRules } from "./splitOff.ts";
import { distinctVariables, headOf, literal } from "./terms.ts";

/** What the preconditions of a batched split say where they hold. */
export const BATCH_STATEMENTS = {
  "not-input-derived": "What goes over in batches holds only on ticks with messages.",
} as const;

/**
 * Batches of a component that keeps nothing over a crash: right as long as it stays down then (docs/soundness.md). No verdict
 * can know that, so it is said.
 */
export function staysDown(component: ComponentName): Precondition {
  return holdsWithCaution(
    "durable-copy",
    `Nothing that ${quoted(component)} keeps is durable. After a crash it must stay down: batches would be numbered from 0 again while earlier ones are under way.`,
  );
}

/**
 * X ∩ xfer ⊆ ED (rewrites.md sections 3.4 and 3.5): what one half derives and the other reads holds on ticks with messages
 * only, by the rules of the deriving half alone. What is kept would be a new batch on every tick, for ever.
 */
export function notInputDerived(
  p: AnalyzedProgram,
  deriving: RuleSet,
  over: ReadonlyMap<RelationName, Transfer>,
): readonly Finding[] {
  const alone = withoutRules(p, complement(p, deriving));
  const { component } = deriving;
  const { inputDerived } = existence(alone, component);
  return [...over]
    .filter(([relation]) => !inputDerived.has(relation))
    .map(([relation, { producers, readers }]): Finding => {
      const why = whyNotInputDerived(alone, component, relation);
      return {
        code: "not-input-derived",
        statement: `${capitalized(quoted(relation))} ${howItHolds(p, why?.rule)}, so ticks without messages would make batches of it.`,
        evidence: culprits([
          ...evidenceAt(
            producers.filter(
              (place) => why === undefined || !("rule" in place) || place.rule === why.rule,
            ),
            "makes it hold without anything having arrived",
          ),
          ...evidenceAt(readers, `reads ${quoted(relation)}, which is sent in batches`),
        ]),
      };
    });
}

function howItHolds(p: AnalyzedProgram, id: RuleId | undefined): string {
  const rule = id === undefined ? undefined : p.rules.get(id)?.rule;
  if (rule === undefined) return "can hold without messages";
  if (rule.head.timing.kind === "next") return `is carried over by ${ruleName(p, rule.id)}`;
  const from =
    idbLiterals(p, rule).length === 0 ? "without any message" : "from what earlier ticks left";
  return `is derived by ${ruleName(p, rule.id)} ${from}`;
}

/**
 * After a crash the numbers start again while batches of before are under way (S-15, by analogy). A node on which anything is
 * durable is meant to start again, whichever component keeps it.
 */
export function nothingDurable(
  p: AnalyzedProgram,
  { component }: RuleSet,
): readonly Precondition[] {
  const all = durableOnNode(p, component);
  if (all.length === 0) return [staysDown(component)];
  return all.map((durable) =>
    violated({
      code: "durable-copy",
      statement:
        `${capitalized(durableName(durable, component))} outlives a crash, and the numbers of batches do not: batches from before it ` +
        `would be mixed with those after it.`,
      evidence: [{ kind: "relation", relation: durable.relation, because: "durable" }],
    }),
  );
}

/**
 * One half as if it were the whole component and the given relations arrived as messages. A relation that the half derives
 * too is then no pure input: it has one more rule, that takes over what arrives (S-06).
 */
export function receivingHalf(
  p: AnalyzedProgram,
  half: RuleSet,
  arriving: Iterable<RelationName>,
): AnalyzedProgram {
  const alone = withoutRules(p, complement(p, half));
  const relations = new Map(alone.relations);
  const derived = new Set(rulesOf(alone, half).map((rule) => rule.head.relation));
  const taken: Rule[] = [];
  for (const relation of arriving) {
    const info = p.relations.get(relation)!;
    if (!derived.has(relation)) {
      relations.set(relation, { ...info, kind: "chan" });
      continue;
    }
    const channel = `${relation} arriving`;
    relations.set(channel, { ...info, name: channel, kind: "chan" });
    const x = distinctVariables(info.attributes.map((_, i) => `x${i + 1}`));
    const id = `${half.component}/${relation}/arriving`;
    taken.push({ id, head: headOf(relation, x), body: [literal(channel, x)] });
  }
  const components = alone.program.components.map((c) =>
    c.name === half.component ? { ...c, rules: [...c.rules, ...taken] } : c,
  );
  return { ...alone, program: { ...alone.program, components }, relations };
}
