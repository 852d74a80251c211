import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { stratify } from "../analysis/stratify.ts";
import type { Stratification } from "../analysis/stratify.ts";
import { aggregateVerb, quoted, ruleName } from "../analysis/wording.ts";
import type { Diagnostic, Span } from "../program/diagnostic.ts";
import type { Fault } from "../program/evidence.ts";
import type { Rule } from "../program/program.ts";
import { hasAggregate } from "../program/variables.ts";
import { faultDiagnostic } from "../syntax/locate.ts";
import type { TextReading } from "./fixContext.ts";

type Cycle = Extract<Stratification, { readonly kind: "cycle" }>;

/** An unstratified cycle told as the cycle: each related place is one step of it, at the literal that makes the step. */
export function cycleDiagnostic(fault: Fault, read: TextReading, p: AnalyzedProgram): Diagnostic {
  const plain = faultDiagnostic(fault, read.sourceMap);
  const cycle = cycleOf(fault, p);
  if (cycle === undefined) return plain;
  const related = cycle.rules.flatMap((id, i) => {
    const rule = p.rules.get(id)!.rule;
    const from = cycle.relations.at(i - 1)!;
    const span = literalSpan(read, rule, from);
    return span === undefined ? [] : [{ span, message: stepSentence(p, rule, from) }];
  });
  // The literal that closes the cycle is where it can be broken.
  const closing = related.at(-1)?.span;
  return { ...plain, ...(closing && { span: closing }), related };
}

function cycleOf(fault: Fault, p: AnalyzedProgram): Cycle | undefined {
  if (fault.place.kind !== "path") return undefined;
  const component = p.rules.get(fault.place.rules[0] ?? "")?.component;
  const strata = component === undefined ? undefined : stratify(p, component);
  return strata?.kind === "cycle" ? strata : undefined;
}

function literalSpan(read: TextReading, rule: Rule, relation: string): Span | undefined {
  const index = literalIndex(rule, relation);
  return read.sourceMap.rules.get(rule.id)?.literals[index];
}

/** The negated literal where there is one: that is the one which closes a cycle. */
function literalIndex(rule: Rule, relation: string): number {
  const over = rule.body.flatMap((l, i) =>
    l.kind === "relation" && l.relation === relation ? [{ negated: l.negated, i }] : [],
  );
  return (over.find(({ negated }) => negated) ?? over[0])?.i ?? -1;
}

/** "rule 3 derives `b` from the absence of `a`" */
function stepSentence(p: AnalyzedProgram, rule: Rule, from: string): string {
  const literal = rule.body[literalIndex(rule, from)];
  const negated = literal?.kind === "relation" && literal.negated;
  const how = negated
    ? `from the absence of ${quoted(from)}`
    : hasAggregate(rule)
      ? `from all of ${quoted(from)}: it ${aggregateVerb(rule)}`
      : `from ${quoted(from)}`;
  return `${ruleName(p, rule.id)} derives ${quoted(rule.head.relation)} ${how}`;
}
