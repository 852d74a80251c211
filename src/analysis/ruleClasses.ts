import type { Evidence } from "../program/evidence.ts";
import type { ComponentName, RelationName, Rule } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { boundCertificate } from "./boundCertificates.ts";
import { chances, headRules, idbLiterals, type IdbLiteral } from "./componentRules.ts";
import { deletionCertificates } from "./deletionCertificates.ts";
import type { DeletionCertificate } from "./deletionCertificates.ts";
import type { Finding } from "./finding.ts";
import { gcPersisted, persistedGiven } from "./persistence.ts";
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
 * What keeps a rule set from being monotone (section 1.4). Thresholds over what is kept are let through, exact ones with
 * a certificate that the number cannot be passed; so is what is deleted once it is answered (section 1.8).
 */
export function monotoneViolations(p: AnalyzedProgram, set: RuleSet): readonly Finding[] {
  const known = keptIn(p, set);
  return rulesOf(p, set).flatMap((rule) =>
    isFunctionalRule(p, rule) ? [] : monotoneViolation(p, set, rule, known),
  );
}

/** What makes a monotone rule set so although it counts or deletes: a statement for each threshold and each deletion. */
export function monotoneCertificates(p: AnalyzedProgram, set: RuleSet): readonly Finding[] {
  const reached = rulesOf(p, set).flatMap((rule): readonly Finding[] => {
    const threshold = readsThreshold(p, set.component, rule);
    if (threshold === undefined) return [];
    return [threshold.kind === "monotone" ? reaches(p, threshold) : reachesAll(p, threshold)];
  });
  const deletions = [...deletionCertificates(p, set).values()].map(({ finding }) => finding);
  return [...reached, ...deletions];
}

interface Kept {
  readonly certificates: ReadonlyMap<RelationName, DeletionCertificate>;
  /** As good as kept for good. */
  readonly lp: ReadonlySet<RelationName>;
  /** What would be if every deletion and every exact count were certified: their own findings say what is wrong then. */
  readonly granted: ReadonlySet<RelationName>;
}

function keptIn(p: AnalyzedProgram, set: RuleSet): Kept {
  const certificates = deletionCertificates(p, set);
  const answered = [...certificates].flatMap(([r, { kind }]) => (kind === "answered" ? [r] : []));
  const { component } = set;
  return {
    certificates,
    lp: persistedGiven(p, component, { kept: new Set(answered), exact: false }),
    granted: persistedGiven(p, component, { kept: new Set(certificates.keys()), exact: true }),
  };
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
  set: RuleSet,
  rule: Rule,
  known: Kept,
): readonly Finding[] {
  const literals = idbLiterals(p, rule);
  const deletion = known.certificates.get(rule.head.relation);
  if (deletion?.gc.rule === rule) return deletion.kind === "open" ? [deletion.finding] : [];
  const isCounted = hasAggregate(rule) && literals.length > 0;
  return [
    ...(isCounted ? aggregated(p, set.component, rule) : []),
    ...chance(p, rule),
    ...absences(p, rule, literals),
    ...literals
      .filter(({ literal: l }) => !l.negated && !known.lp.has(l.relation))
      .filter(({ literal: l }) => !known.granted.has(l.relation))
      .map((literal) => notKept(p, set, rule, literal)),
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
  return chances(p, rule).map(({ name, place }) => ({
    code: "non-deterministic",
    statement: `Rule ${ruleNumber(p, rule.id)} uses ${quoted(name)}. Another node would choose otherwise.`,
    evidence: [{ ...place, because: "its value depends on arrival order or chance" }],
  }));
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

/** An aggregate is let through only where a threshold that stays reached reads it. */
function aggregated(p: AnalyzedProgram, component: ComponentName, rule: Rule): readonly Finding[] {
  const found = readsThreshold(p, component, rule);
  if (found === undefined) return [aggregates(p, rule)];
  if (found.kind === "monotone") return [];
  const bound = boundCertificate(p, found);
  if (bound.kind === "bounded") return [];
  const waits = waiting(p, found);
  const statement =
    `${capitalized(waits)}. A late reader may see more at once and never exactly that many. ` +
    `${quoted(`${found.operator === "min" ? "<=" : ">="} ${found.bound}`)} is met for good; an exact number only when it cannot ` +
    `be passed, and ${bound.because}.`;
  return [{ code: "exact-threshold", statement, evidence: thresholdEvidence(p, found) }];
}

function thresholdEvidence(p: AnalyzedProgram, found: Threshold): readonly [Evidence, Evidence] {
  const { reader, index, rule } = found;
  return [
    { kind: "literal", rule: reader.id, index, because: waiting(p, found) },
    { kind: "head", rule: rule.id, because: aggregateVerb(rule) },
  ];
}

function reaches(p: AnalyzedProgram, found: Threshold): Finding {
  const { rule } = found;
  const statement = `${capitalized(ruleName(p, rule.id))} ${aggregateVerb(rule)} and ${waiting(p, found)}, which stays reached once it is.`;
  return { code: "aggregate", statement, evidence: thresholdEvidence(p, found) };
}

function reachesAll(p: AnalyzedProgram, found: Threshold): Finding {
  const bound = boundCertificate(p, found);
  const never =
    bound.kind === "bounded"
      ? `there are never more, because each is in ${quoted(bound.set)}, which has ${bound.size}`
      : bound.because;
  const statement = `${capitalized(waiting(p, found))}, and ${never}. Clew writes \`>=\` for it.`;
  return { code: "exact-threshold", statement, evidence: thresholdEvidence(p, found) };
}

function waiting(p: AnalyzedProgram, found: Threshold): string {
  return `rule ${ruleNumber(p, found.reader.id)} waits for ${waitedFor(found)}`;
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
  set: RuleSet,
  rule: Rule,
  { literal, index }: IdbLiteral,
): Finding {
  const relation = quoted(literal.relation);
  const read: Evidence = { kind: "literal", rule: rule.id, index, because: `reads ${relation}` };
  const { all } = headRules(p, set.component, literal.relation);
  const gc = gcPersisted(p, set.component, literal.relation);
  if (gc !== undefined && !set.rules.has(gc.rule.id)) {
    const because = `deletes ${relation} when ${quoted(gc.by)} holds`;
    return {
      code: "forgets-early",
      statement:
        `Rule ${ruleNumber(p, rule.id)} needs ${relation}, which rule ${ruleNumber(p, gc.rule.id)} deletes at ${quoted(gc.by)} on the ` +
        `other node. If that comes first, the answer is lost.`,
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
