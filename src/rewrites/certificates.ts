import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { boundCertificate } from "../analysis/boundCertificates.ts";
import { monotoneCertificates } from "../analysis/ruleClasses.ts";
import type { RuleSet } from "../analysis/ruleSets.ts";
import { thresholds } from "../analysis/thresholds.ts";
import type { Threshold } from "../analysis/thresholds.ts";
import type { Literal, Rule, Term } from "../program/program.ts";
import { holds } from "./conditions.ts";
import { changed } from "./draft.ts";
import { freshVariable } from "./freshNames.ts";
import type { Precondition, Rewritten } from "./rewrite.ts";
import { variable } from "./terms.ts";

/**
 * Of conditions that hold, those that hold because of a certificate say so: which threshold stays reached, which count
 * cannot pass its number, what is answered by the time it is deleted (rewrites.md sections 1.4 and 1.8).
 */
export function withCertificates(
  p: AnalyzedProgram,
  moves: RuleSet,
  conditions: readonly Precondition[],
): readonly Precondition[] {
  const certificates = monotoneCertificates(p, moves);
  return conditions.flatMap((condition) => {
    const own = certificates.filter(({ code }) => code === condition.code);
    if (condition.verdict !== "holds" || own.length === 0) return [condition];
    return own.map(({ code, statement, evidence }) => holds(code, statement, evidence));
  });
}

/**
 * Counts that cannot pass the number they must meet exactly wait for at least that number in the half that moved: `n(2, i)`
 * becomes `n(c, i), c >= 2` (section 1.4).
 */
export function waitingForAtLeast(
  p: AnalyzedProgram,
  moves: RuleSet,
  rewritten: Rewritten,
): Rewritten {
  const exact = [...thresholds(p, moves.component).values()].filter(
    (threshold) =>
      threshold.kind === "exact" &&
      moves.rules.has(threshold.rule.id) &&
      moves.rules.has(threshold.reader.id) &&
      boundCertificate(p, threshold).kind === "bounded",
  );
  return exact.reduce((result, threshold) => atLeast(threshold, result), rewritten);
}

function atLeast(threshold: Threshold, rewritten: Rewritten): Rewritten {
  const origins = new Map(rewritten.origins);
  const because = `There are never more than ${threshold.bound}, so at least that many is the same and does not depend on how they come.`;
  const components = rewritten.program.components.map((component) => ({
    ...component,
    rules: component.rules.map((rule) => {
      const origin = origins.get(rule.id);
      if (origin === undefined || origin.kind === "added") return rule;
      if (![origin.from].flat().includes(threshold.reader.id)) return rule;
      const reached = changed({ ...rule, origin }, { body: reachedBody(rule, threshold) }, because);
      origins.set(rule.id, reached.origin);
      return { id: rule.id, head: reached.head, body: reached.body };
    }),
  }));
  return { ...rewritten, program: { ...rewritten.program, components }, origins };
}

function reachedBody(rule: Rule, { rule: counts, position, quota }: Threshold): readonly Literal[] {
  const relation = counts.head.relation;
  const read = rule.body.find((l) => l.kind === "relation" && l.relation === relation);
  const value = read?.kind === "relation" ? read.terms[position]! : undefined;
  if (value === undefined) throw new Error(`${rule.id} does not read ${relation}`);
  if (value.kind === "variable" && quota.kind !== "column") {
    return rule.body.map((l) => comparedFromBelow(l, value.name) ?? l);
  }
  const count = variable(freshVariable(rule, "n"));
  const body = rule.body.map((l) =>
    l === read && l.kind === "relation" ? { ...l, terms: l.terms.with(position, count) } : l,
  );
  return [...body, { kind: "comparison", operator: ">=", left: count, right: value }];
}

/** `c == q` and `q == c` as `c >= q`. */
function comparedFromBelow(l: Literal, name: string): Literal | undefined {
  if (l.kind !== "comparison" || l.operator !== "==") return undefined;
  const isCount = (term: Term): boolean => term.kind === "variable" && term.name === name;
  if (isCount(l.left)) return { ...l, operator: ">=" };
  return isCount(l.right) ? { ...l, operator: "<=" } : undefined;
}
