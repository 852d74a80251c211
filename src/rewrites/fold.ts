import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { idbLiterals } from "../analysis/componentRules.ts";
import { boundVariables } from "../analysis/bindings.ts";
import { destinationVariables, literalVariables } from "../program/variables.ts";
import { capitalized, ruleName } from "../analysis/wording.ts";
import type { ComponentName, Literal, Rule, RuleId } from "../program/program.ts";
import { selfVariable } from "./canonicalSelf.ts";
import { culprits, evidenceAt, holds, violated } from "./conditions.ts";
import { added, changed, draftOf, finish, flatMapRules, formerId } from "./draft.ts";
import { freshRelation } from "./freshNames.ts";
import type { Precondition, Rewrite } from "./rewrite.ts";
import { componentOf, missing, rulesIn, TargetReader } from "./targets.ts";
import { headOf, literal, variable, variablesOfHead } from "./terms.ts";

/** Body literals of a rule, by position from 0, that become a rule of their own. */
export interface FoldTarget {
  readonly component: ComponentName;
  readonly rule: RuleId;
  readonly literals: readonly number[];
  /** Variables that the new relation carries beside those that the rest of the rule needs. */
  readonly carry?: readonly string[];
}

/**
 * fold gives part of a rule's body a name, so that the rest of the rule looks at one fact at a time.
 *
 *     p2a(i, v, s)@async(d) :- payload(v, s), ballot(i), acceptors(d)
 *
 *     p2a_joined(v, s, i) :- payload(v, s), ballot(i)
 *     p2a(i, v, s)@async(d) :- p2a_joined(v, s, i), acceptors(d)
 *
 * The new relation carries every variable that the rest of the rule or its head needs. Its rule must bind its own
 * variables (W2). A sum adds up one value for each way to satisfy the body, so under a sum the new relation has to carry
 * every variable of the folded part, or ways that differ elsewhere would fall together (case 120).
 * "Optimizing Distributed Protocols with Query Rewrites", section 3.3; rewrites.md section 1.2, H-24.
 */
export const fold: Rewrite<FoldTarget> = {
  name: "fold",
  title: "Fold a join",
  summary:
    "Part of a rule's body becomes a relation, so that the rest of the rule looks at one fact at a time.",
  citation: { source: "SIGMOD 2024", where: "section 3.3" },
  targets: (p, selection) =>
    (componentOf(p, selection.component)?.rules ?? [])
      .filter((rule) => selection.rules.includes(rule.id))
      .flatMap((rule) => foldTarget(p, selection.component, rule) ?? []),
  readTarget: (json) => {
    const reader = new TargetReader(json, ["component", "rule", "literals", "carry"]);
    return reader.read({
      component: reader.name("component"),
      rule: reader.name("rule"),
      literals: reader.indices("literals"),
      ...(reader.has("carry") && { carry: reader.names("carry") }),
    });
  },
  misfit,
  preconditions,
  apply: (p, target) => {
    const draft = draftOf(p);
    const [rule] = rulesIn(p, target.component, [target.rule]);
    const relation = joinedName(p, target);
    const carried = carriedVariables(rule!, target).map(variable);
    const because = "The joined facts get a name, so that the rest of the rule reads one fact.";
    const folded = flatMapRules(draft, (r) => {
      if (formerId(r) !== target.rule) return [r];
      const { inner, outer } = parts(r.body, target);
      const body = [literal(relation, carried), ...outer];
      return [added(headOf(relation, carried), inner, because), changed(r, { body }, because)];
    });
    return finish(folded);
  },
  defaultName: joinedName,
  describe: (p, target) => `${ruleName(p, target.rule)} → ${joinedName(p, target)}`,
};

function joinedName(p: AnalyzedProgram, target: FoldTarget): string {
  const [rule] = rulesIn(p, target.component, [target.rule]);
  return freshRelation(draftOf(p), `${rule!.head.relation}_joined`);
}

/**
 * The fold that leaves only EDB and functions beside the new relation: all IDB literals, what they need to be bound, and
 * the comparisons that they decide. Undefined when the rule looks at one fact already. `wanted` are literals that are to be
 * among them.
 */
export function foldTarget(
  p: AnalyzedProgram,
  component: ComponentName,
  rule: Rule,
  wanted: readonly number[] = [],
): FoldTarget | undefined {
  const idb = idbLiterals(p, rule).map(({ index }) => index);
  const chosen = new Set([...idb, ...wanted]);
  if (idb.length === 0 || chosen.size < 2) return undefined;
  bindChosen(p, rule, chosen);
  const known = bound(
    p,
    [...chosen].map((i) => rule.body[i]!),
  );
  for (const [index, l] of rule.body.entries()) {
    if (l.kind === "comparison" && literalVariables(l).every((v) => known.has(v)))
      chosen.add(index);
  }
  if (chosen.size === rule.body.length && rule.head.timing.kind === "now") return undefined;
  return { component, rule: rule.id, literals: [...chosen].sort((a, b) => a - b) };
}

/** Adds literals that bind what the chosen ones need, until nothing is missing or nothing helps. */
function bindChosen(p: AnalyzedProgram, rule: Rule, chosen: Set<number>): void {
  for (;;) {
    const inner = [...chosen].map((i) => rule.body[i]!);
    const needed = unbound(p, inner);
    const helper = rule.body.findIndex(
      (l, i) =>
        !chosen.has(i) &&
        l.kind !== "comparison" &&
        needed.some((v) => literalVariables(l).includes(v)),
    );
    if (needed.length === 0 || helper < 0) return;
    chosen.add(helper);
  }
}

function misfit(p: AnalyzedProgram, target: FoldTarget): string | undefined {
  const absent = missing(p, target.component, [target.rule]);
  if (absent !== undefined) return absent;
  const [rule] = rulesIn(p, target.component, [target.rule]);
  const named = capitalized(ruleName(p, target.rule));
  if (target.literals.length === 0) return "No literal is chosen.";
  const far = target.literals.find((i) => i >= rule!.body.length);
  if (far !== undefined) return `${named} has no literal at position ${far}.`;
  const { inner, outer } = parts(rule!.body, target);
  const loose = [
    ...unbound(p, inner),
    ...carriedVariables(rule!, target).filter((v) => !bound(p, inner).has(v)),
  ][0];
  if (loose !== undefined) {
    return `The chosen part of ${ruleName(p, target.rule)} does not bind ${loose} by itself.`;
  }
  if (carriesOwnDestination(rule!, inner)) {
    return `The chosen part of ${ruleName(p, target.rule)} would carry the address of the node itself, where the rule sends to; leave \`self\` out of it.`;
  }
  const carried = carriedVariables(rule!, target).map(variable);
  const rest = unbound(p, [literal("", carried), ...outer])[0];
  return rest === undefined
    ? undefined
    : `Without the chosen part, ${ruleName(p, target.rule)} does not bind ${rest}.`;
}

/** As data the own address becomes the original's in later steps; as a destination it is this very node's. */
function carriesOwnDestination(rule: Rule, inner: readonly Literal[]): boolean {
  return inner
    .map(selfVariable)
    .some((v) => v !== undefined && destinationVariables(rule).includes(v));
}

function preconditions(p: AnalyzedProgram, target: FoldTarget): readonly Precondition[] {
  const [rule] = rulesIn(p, target.component, [target.rule]);
  const { inner } = parts(rule!.body, target);
  const carried = new Set(carriedVariables(rule!, target));
  const dropped = [...bound(p, inner)].filter((v) => !carried.has(v));
  const named = capitalized(ruleName(p, target.rule));
  const sums = rule!.head.terms.some((t) => t.kind === "aggregate" && t.operator === "sum");
  if (sums && dropped.length > 0) {
    const places = target.literals.map(
      (index) => ({ kind: "literal", rule: target.rule, index }) as const,
    );
    return [
      violated(
        {
          code: "aggregate",
          statement: `${named} sums up, and the folded part would forget ${dropped.join(", ")}: facts that differ only there would be added once.`,
          evidence: culprits(evidenceAt(places, "is part of what is summed up")),
        },
        {
          sentence: `Carry ${dropped.join(", ")} too.`,
          steps: [
            {
              rewrite: "fold",
              target: { ...target, carry: [...(target.carry ?? []), ...dropped] },
            },
          ],
        },
      ),
    ];
  }
  const body = evidenceAt(
    [{ kind: "rule", rule: target.rule }],
    "reads the folded part as one fact",
  );
  return [
    holds(
      "aggregate",
      sums
        ? `What ${ruleName(p, target.rule)} joins becomes a relation, with every value that tells the summed facts apart.`
        : `What ${ruleName(p, target.rule)} joins becomes a relation, so that the rest looks at one fact.`,
      body,
    ),
  ];
}

function parts(body: readonly Literal[], target: FoldTarget) {
  const chosen = new Set(target.literals);
  return {
    inner: body.filter((_, i) => chosen.has(i)),
    outer: body.filter((_, i) => !chosen.has(i)),
  };
}

/** v̄: the variables of the folded part that the rest, the head or the destination uses, and those asked for. */
function carriedVariables(rule: Rule, target: FoldTarget): readonly string[] {
  const { inner, outer } = parts(rule.body, target);
  const needed = new Set([
    ...variablesOfHead(rule.head),
    ...outer.flatMap(literalVariables),
    ...(target.carry ?? []),
  ]);
  return [...new Set(inner.flatMap(literalVariables))].filter((v) => needed.has(v));
}

/** Variables that some literal of the list uses and none binds (W2). */
function unbound(p: AnalyzedProgram, literals: readonly Literal[]): readonly string[] {
  const known = bound(p, literals);
  return [...new Set(literals.flatMap(literalVariables))].filter((v) => !known.has(v));
}

function bound(p: AnalyzedProgram, body: readonly Literal[]): ReadonlySet<string> {
  const rule: Rule = { id: "", head: headOf("", []), body };
  return boundVariables(p.program, rule, (relation) => p.relations.get(relation)?.kind);
}
