import type { Evidence } from "../program/evidence.ts";
import type { ComponentName, RelationName, Rule } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import {
  headRules,
  idbLiterals,
  kindOfRelation,
  NON_DETERMINISTIC,
  type IdbLiteral,
} from "./componentRules.ts";
import type { Finding } from "./finding.ts";
import { gcPersisted } from "./persistence.ts";
import { isFunctionalRule } from "./ruleShapes.ts";
import { rulesOf, type RuleSet } from "./ruleSets.ts";
import { readsThreshold, type Threshold } from "./thresholds.ts";
import { hasAggregate } from "../program/variables.ts";
import { aggregateVerb, capitalized, joined, quoted, ruleName, ruleNumber } from "./wording.ts";

/** What keeps a rule set from being functional (rewrites.md section 1.4); empty when it is. */
export function functionalViolations(p: AnalyzedProgram, set: RuleSet): readonly Finding[] {
  return rulesOf(p, set).flatMap((rule) => functionalViolation(p, rule));
}

/**
 * What keeps a rule set from being monotone (section 1.4); `lp` is LP of the component before the split. Threshold
 * units and garbage-collection certificates are refused for now, and the finding says so.
 */
export function monotoneViolations(
  p: AnalyzedProgram,
  set: RuleSet,
  lp: ReadonlySet<RelationName>,
): readonly Finding[] {
  return rulesOf(p, set).flatMap((rule) =>
    isFunctionalRule(p, rule) ? [] : monotoneViolation(p, set.component, rule, lp),
  );
}

function functionalViolation(p: AnalyzedProgram, rule: Rule): readonly Finding[] {
  const literals = idbLiterals(p, rule);
  return [
    ...(hasAggregate(rule) && literals.length > 0 ? [aggregates(p, rule)] : []),
    ...chance(p, rule),
    ...absences(p, rule, literals),
    ...joins(
      p,
      rule,
      literals.filter(({ literal }) => !literal.negated),
    ),
  ];
}

function monotoneViolation(
  p: AnalyzedProgram,
  component: ComponentName,
  rule: Rule,
  lp: ReadonlySet<RelationName>,
): readonly Finding[] {
  const literals = idbLiterals(p, rule);
  const isGc = gcPersisted(p, component, rule.head.relation)?.rule === rule;
  if (isGc && literals.some(({ literal }) => literal.negated)) return [forgets(p, component, rule)];
  return [
    ...(hasAggregate(rule) && literals.length > 0 ? [threshold(p, component, rule)] : []),
    ...chance(p, rule),
    ...absences(p, rule, literals),
    ...literals
      .filter(({ literal }) => !literal.negated && !lp.has(literal.relation))
      .map((literal) => notKept(p, component, rule, literal)),
  ];
}

function aggregates(p: AnalyzedProgram, rule: Rule): Finding {
  const verb = aggregateVerb(rule);
  const why =
    verb === "counts"
      ? "A count that travels early is a wrong count."
      : "Facts that travel apart would be taken apart.";
  return {
    code: "aggregate",
    statement: `Rule ${ruleNumber(p, rule.id)} ${verb}. ${why}`,
    evidence: [{ kind: "head", rule: rule.id, because: verb }],
  };
}

/** W7: no rule set with chance in it is functional or monotone. */
function chance(p: AnalyzedProgram, rule: Rule): readonly Finding[] {
  return rule.body.flatMap((literal, index): readonly Finding[] => {
    if (literal.kind !== "relation" || !NON_DETERMINISTIC.has(literal.relation)) return [];
    if (kindOfRelation(p, literal.relation) !== "builtin") return [];
    const because = "its value depends on arrival order or chance";
    return [
      {
        code: "non-deterministic",
        statement: `Rule ${ruleNumber(p, rule.id)} uses ${quoted(literal.relation)}. Another node would choose otherwise.`,
        evidence: [{ kind: "literal", rule: rule.id, index, because }],
      },
    ];
  });
}

function absences(
  p: AnalyzedProgram,
  rule: Rule,
  literals: readonly IdbLiteral[],
): readonly Finding[] {
  return literals
    .filter(({ literal }) => literal.negated)
    .map(({ literal, index }) => ({
      code: "changing-negation",
      statement:
        `Rule ${ruleNumber(p, rule.id)} asks whether ${quoted(literal.relation)} is absent. ` +
        `Absent may only mean not here yet.`,
      evidence: [
        {
          kind: "literal",
          rule: rule.id,
          index,
          because: `asks for no ${quoted(literal.relation)}`,
        },
      ],
    }));
}

/** More than one read: of one relation (H-02) or of several. */
function joins(
  p: AnalyzedProgram,
  rule: Rule,
  positive: readonly IdbLiteral[],
): readonly Finding[] {
  if (positive.length < 2) return [];
  const names = [...new Set(positive.map(({ literal }) => literal.relation))];
  const repeated = names.flatMap((name) => {
    const reads = positive.filter(({ literal }) => literal.relation === name);
    return reads.length < 2 ? [] : [twoReads(p, rule, name, reads)];
  });
  if (names.length < 2) return repeated;
  const [first, ...rest] = positive.map((read) => reading(rule, read));
  const others = joined(names.slice(1).map(quoted));
  const statement =
    `Rule ${ruleNumber(p, rule.id)} joins ${quoted(names[0]!)} with ${others}; ` +
    `a functional rule looks at one fact at a time.`;
  return [...repeated, { code: "two-relations", statement, evidence: [first!, ...rest] }];
}

function twoReads(
  p: AnalyzedProgram,
  rule: Rule,
  relation: RelationName,
  reads: readonly IdbLiteral[],
): Finding {
  const [first, ...rest] = reads.map((read) => reading(rule, read));
  const times = reads.length === 2 ? "twice" : `${reads.length} times`;
  const facts = reads.length === 2 ? "the two facts" : "the facts";
  return {
    code: "two-reads",
    statement: `Rule ${ruleNumber(p, rule.id)} reads ${quoted(relation)} ${times}. Sent over a network, ${facts} can miss each other.`,
    evidence: [first!, ...rest],
  };
}

function reading(rule: Rule, { literal, index }: IdbLiteral): Evidence {
  return { kind: "literal", rule: rule.id, index, because: `reads ${quoted(literal.relation)}` };
}

function forgets(p: AnalyzedProgram, component: ComponentName, rule: Rule): Finding {
  const { by, index } = gcPersisted(p, component, rule.head.relation)!;
  const kept = quoted(rule.head.relation);
  return {
    code: "forgets-early",
    statement:
      `${kept} is deleted at ${quoted(by)} by rule ${ruleNumber(p, rule.id)}. If facts come one by one, one that is still ` +
      `needed may be gone by then. Clew cannot certify deletions yet.`,
    evidence: [
      {
        kind: "literal",
        rule: rule.id,
        index,
        because: `deletes ${kept} when ${quoted(by)} holds`,
      },
    ],
  };
}

/** An aggregate that only a threshold reads could be certified, but not yet; an exact one never. */
function threshold(p: AnalyzedProgram, component: ComponentName, rule: Rule): Finding {
  const found = readsThreshold(p, component, rule);
  if (found === undefined) return aggregates(p, rule);
  const waits = `rule ${ruleNumber(p, found.reader.id)} waits for ${waitedFor(found)}`;
  const evidence: readonly [Evidence, Evidence] = [
    { kind: "literal", rule: found.reader.id, index: found.index, because: waits },
    { kind: "head", rule: rule.id, because: aggregateVerb(rule) },
  ];
  if (found.kind === "exact") {
    const statement =
      `${capitalized(waits)}. A late reader may see more at once and never exactly that many. ` +
      `${quoted(`>= ${found.bound}`)} would be a threshold, but Clew cannot certify thresholds yet.`;
    return { code: "exact-threshold", statement, evidence };
  }
  const statement = `${capitalized(ruleName(p, rule.id))} ${aggregateVerb(rule)} and ${waits}. Clew cannot certify thresholds yet.`;
  return { code: "aggregate", statement, evidence: [evidence[1], evidence[0]] };
}

function waitedFor({ kind, bound, operator }: Threshold): string {
  if (kind === "exact") return `exactly ${bound}`;
  switch (operator) {
    case "count":
      return `a count of at least ${bound}`;
    case "max":
      return `a maximum of at least ${bound}`;
    case "min":
      return `a minimum of at most ${bound}`;
  }
}

function notKept(
  p: AnalyzedProgram,
  component: ComponentName,
  rule: Rule,
  { literal, index }: IdbLiteral,
): Finding {
  const relation = quoted(literal.relation);
  const read: Evidence = { kind: "literal", rule: rule.id, index, because: `reads ${relation}` };
  const { all } = headRules(p, component, literal.relation);
  const gc = gcPersisted(p, component, literal.relation);
  if (gc !== undefined) {
    const because = `deletes ${relation} when ${quoted(gc.by)} holds`;
    return {
      code: "forgets-early",
      statement:
        `Rule ${ruleNumber(p, rule.id)} joins ${relation}, which is deleted at ${quoted(gc.by)}. If the other fact comes later, ` +
        `the answer is lost. Clew cannot certify deletions yet.`,
      evidence: [read, { kind: "rule", rule: gc.rule.id, because }],
    };
  }
  const sources = all.map((source): Evidence => ({
    kind: "rule",
    rule: source.id,
    because: `derives ${relation}, which nothing keeps`,
  }));
  return {
    code: "not-kept",
    statement: `${relation} is gone after one tick. Keeping it would give answers the original never gives.`,
    evidence: [read, ...sources],
  };
}
