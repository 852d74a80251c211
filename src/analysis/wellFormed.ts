import type { Evidence, Fault, Place } from "../program/evidence.ts";
import { functionSignature } from "../program/functions.ts";
import type { RelationName, Rule } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { boundVariables } from "./bindings.ts";
import { choiceOf } from "../program/choice.ts";
import { choosingRule, isChoice, isNumbering, numberOf, usesNumber } from "./choosing.ts";
import { chances } from "./componentRules.ts";
import { declaredRole, isClientInput } from "./declaredRoles.ts";
import { meaningOfNames } from "./meaning.ts";
import type { Occurrence, Occurrences } from "./occurrences.ts";
import { rangeFaults, wildcardFaults } from "./rangeRestriction.ts";
import { stratify } from "./stratify.ts";
import { hasAggregate, headTermVariables, literalVariables } from "../program/variables.ts";
import { attributeCount, capitalized, quoted, ruleName, ruleNames } from "./wording.ts";

/** W1 to W8 of rewrites.md section 0.3 and the strata of 0.4, for a program whose relations are known. */
export function wellFormednessFaults(
  p: AnalyzedProgram,
  occurrences: Occurrences,
): readonly Fault[] {
  const faults: Fault[] = componentFaults(p);
  for (const [relation, uses] of occurrences) {
    faults.push(...arityFaults(p, relation, uses), ...headFaults(p, relation, uses));
  }
  for (const component of p.program.components) {
    const meaning = meaningOfNames(p.program, component, (r) => p.relations.get(r)?.kind);
    for (const rule of component.rules) {
      if (faultless.get(rule) === meaning) continue;
      const found = ruleFaults(p, rule);
      if (found.length === 0) faultless.set(rule, meaning);
      faults.push(...found);
    }
    faults.push(...cycleFaults(p, component.name));
  }
  return faults;
}

/** Rules that had no fault while names had this meaning. What faults say names other rules, so they are found again. */
const faultless = new WeakMap<Rule, string>();

function ruleFaults(p: AnalyzedProgram, rule: Rule): readonly Fault[] {
  return [
    ...rangeFaults(p, rule),
    ...wildcardFaults(p, rule),
    ...headShapeFaults(p, rule),
    ...nonDeterminismFaults(p, rule),
    ...choosingFaults(p, rule),
  ];
}

function componentFaults(p: AnalyzedProgram): Fault[] {
  const faults: Fault[] = [];
  const seen = new Set<string>();
  for (const { name, rules } of p.program.components) {
    const place: Place = { kind: "path", rules: rules.map((rule) => rule.id) };
    if (rules.length === 0) {
      const message = `Component ${quoted(name)} has no rules.`;
      faults.push({ severity: "error", code: "empty-component", message, place, related: [] });
    }
    if (seen.has(name)) {
      const message = `There are two components named ${quoted(name)}.`;
      faults.push({ severity: "error", code: "duplicate-component", message, place, related: [] });
    }
    seen.add(name);
  }
  return faults;
}

/** W1: one arity for a relation; a function's depends on which of that name is meant. */
function arityFaults(
  p: AnalyzedProgram,
  relation: RelationName,
  uses: readonly Occurrence[],
): readonly Fault[] {
  const info = p.relations.get(relation)!;
  return uses.flatMap((use): readonly Fault[] => {
    const count = use.terms.length;
    if (info.kind === "func") {
      if (functionSignature(p.program, relation, count) !== undefined) return [];
      const message = `The function ${quoted(relation)} does not take ${attributeCount(count)}.`;
      const related: readonly Evidence[] = [];
      return [{ severity: "error", code: "function-arity", message, place: use.place, related }];
    }
    if (count === info.arity) return [];
    const first = uses.find((u) => u.terms.length === info.arity);
    const message = `${quoted(relation)} has ${attributeCount(count)} here and ${attributeCount(info.arity)} elsewhere.`;
    const because = `${quoted(relation)} has ${attributeCount(info.arity)} here`;
    const elsewhere: Place = first?.place ?? { kind: "relation", relation };
    const related = [{ ...elsewhere, because }];
    return [{ severity: "error", code: "arity", message, place: use.place, related }];
  });
}

/** What may stand in a head: W1 (no EDB, no function) and W5 (a channel is derived by messages only). */
function headFaults(
  p: AnalyzedProgram,
  relation: RelationName,
  uses: readonly Occurrence[],
): readonly Fault[] {
  const heads = uses.filter((use) => use.role === "head");
  const [head] = heads;
  if (head === undefined) return [];
  const given = givenElsewhere(p, relation, head.terms.length);
  if (given !== undefined) {
    const message = `${capitalized(ruleName(p, head.rule.id))} derives ${quoted(relation)}, but ${given}.`;
    return [{ severity: "error", code: "edb-head", message, place: head.place, related: [] }];
  }
  const local = heads.filter((use) => use.rule.head.timing.kind !== "async");
  const sent = heads.find((use) => use.rule.head.timing.kind === "async");
  if (sent === undefined && !isClientInput(p, relation)) return [];
  const source =
    sent === undefined ? "clients or a timer send it" : `${ruleName(p, sent.rule.id)} sends it`;
  const related =
    sent === undefined ? [] : [{ ...sent.place, because: `sends ${quoted(relation)}` }];
  return local.map((use) => ({
    severity: "error",
    code: "mixed-channel",
    message:
      `${capitalized(ruleName(p, use.rule.id))} derives ${quoted(relation)} in the node itself, but ${source}. ` +
      `Copy what arrives to another relation and derive that one.`,
    place: use.place,
    related,
  }));
}

/** Why a relation has its contents from somewhere else than rules, if it has. */
function givenElsewhere(
  p: AnalyzedProgram,
  relation: RelationName,
  terms: number,
): string | undefined {
  const declared = declaredRole(p, relation);
  if (declared === "edb" || declared === "node") return "it is declared constant";
  if (p.deployment?.edb[relation] !== undefined) return "the deployment gives its contents";
  if (Object.values(p.deployment?.node ?? {}).some((rows) => rows[relation] !== undefined)) {
    return "the deployment gives its contents";
  }
  if (functionSignature(p.program, relation, terms) !== undefined) return "that is a function";
  const isBuiltIn = (relation === "self" || relation === "tick") && terms === 1;
  return isBuiltIn || relation === "orig" || relation === "boot"
    ? "that name is built in"
    : undefined;
}

/** W6: an aggregate is computed first and sent by a second rule; a seal is written out before it runs. */
function headShapeFaults(p: AnalyzedProgram, rule: Rule): readonly Fault[] {
  const place: Place = { kind: "head", rule: rule.id };
  const name = capitalized(ruleName(p, rule.id));
  if (rule.head.terms.some((t) => t.kind === "aggregate" && t.operator === "seal")) {
    const message = `${name} seals ${quoted(rule.head.relation)}: the step “Sealed sets” has to write it out before it can run.`;
    return [{ severity: "error", code: "sealing", message, place, related: [] }];
  }
  if (rule.head.timing.kind !== "async" || !hasAggregate(rule)) return [];
  const message =
    `${name} computes an aggregate and sends it at once. ` +
    `It can be split into a rule that computes it and one that sends it, which rewrites need.`;
  return [{ severity: "warning", code: "aggregate-sent", message, place, related: [] }];
}

/** W7: arrival order or chance decides; legal, but it stands in the way of rewrites. */
function nonDeterminismFaults(p: AnalyzedProgram, rule: Rule): readonly Fault[] {
  return chances(p, rule).map(({ name, place }): Fault => {
    const what = `${capitalized(ruleName(p, rule.id))} uses ${quoted(name)}`;
    const message =
      name === "choose"
        ? `${what}: which row it takes is left open. Runs take the least; rewrites may not rely on that.`
        : name === "index"
          ? `${what}: in what order rows are numbered is left open. Runs go by their values; rewrites may not rely on that.`
          : `${what}, whose value differs from run to run, so no run derives anything by it.`;
    return { severity: "warning", code: "non-deterministic", message, place, related: [] };
  });
}

/** What `choose` and `index` are about has to be known before they are looked at. */
function choosingFaults(p: AnalyzedProgram, rule: Rule): readonly Fault[] {
  const parts = choosingRule(p, rule);
  if (parts === undefined) return [];
  const name = capitalized(ruleName(p, rule.id));
  const error = (code: string, message: string, place: Place): Fault => ({
    severity: "error",
    code,
    message,
    place,
    related: [],
  });
  const known = new Set(parts.variables);
  const found = rule.body.flatMap((literal, index): readonly Fault[] => {
    const place: Place = { kind: "literal", rule: rule.id, index };
    if (isChoice(p, literal)) {
      const choice = choiceOf(literal);
      if (choice === undefined) {
        const form = "`choose((x,), (y,))`: for each x one y";
        return [error("choice-form", `${name} has to write ${form}.`, place)];
      }
      const unknown = literalVariables(literal).find(
        (v) => !known.has(v) && dependsOnNumber(p, rule, v),
      );
      if (unknown === undefined) return [];
      const message = `${name} chooses by ${quoted(unknown)}, which is known only when what is chosen has its number.`;
      return [error("choice-form", message, place)];
    }
    if (!isNumbering(p, literal) || numberOf(literal) !== undefined) return [];
    return [error("choice-form", `${name} has to write \`index(i)\` with a variable.`, place)];
  });
  if (!parts.aggregates || parts.numbers.length === 0) return found;
  const { timing } = rule.head;
  const inDestination = timing.kind === "async" && usesNumber(timing.destination, parts);
  const mixed = rule.head.terms.some(
    (t) =>
      headTermVariables(t).some((v) => parts.numbers.includes(v)) &&
      headTermVariables(t).some((v) => !parts.numbers.includes(v) || t.kind === "aggregate"),
  );
  if (parts.later.length === 0 && !inDestination && !mixed) return found;
  const message = `${name} numbers what it gathers: the number can stand alone in the head only.`;
  return [...found, error("choice-form", message, { kind: "head", rule: rule.id })];
}

/** Whether a variable has a value, if only after the rows have their numbers. */
function dependsOnNumber(p: AnalyzedProgram, rule: Rule, name: string): boolean {
  return boundVariables(p.program, rule, (r) => p.relations.get(r)?.kind).has(name);
}

function cycleFaults(p: AnalyzedProgram, component: string): readonly Fault[] {
  const strata = stratify(p, component);
  if (strata.kind === "strata") return [];
  const path = strata.relations.map(quoted).join(" → ");
  const derive = strata.rules.length === 1 ? "derives" : "derive";
  return [
    {
      severity: "error",
      code: "unstratified",
      message:
        `${capitalized(ruleNames(p, strata.rules))} ${derive} ${path} in one tick through a negation or an aggregate ` +
        `of itself: no order of evaluation exists. \`@next\` would break the cycle.`,
      place: { kind: "path", rules: strata.rules },
      related: strata.rules.map((rule) => ({ kind: "rule", rule, because: "part of the cycle" })),
    },
  ];
}
