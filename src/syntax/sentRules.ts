import { printRule } from "../program/printCompact.ts";
import type { Head, RelationName, Rule } from "../program/program.ts";
import { distinctVariables } from "../program/variables.ts";
import type { LoweredRule } from "./lowered.ts";
import { loweredRule, relationLiteral, variable } from "./lowerings.ts";
import { mapRule } from "./mapRule.ts";

const SENT = "_sent";

/** What is sent of r where r is derived, too. */
export function sentRelation(relation: RelationName): RelationName {
  return `${relation}${SENT}`;
}

/**
 * A relation that is sent and also derived at the node itself is two in a program (W1): what is sent of r is `r_sent`, and
 * one rule at the end copies to r what arrives.
 */
export function splitSent(rules: readonly LoweredRule[]): readonly LoweredRule[] {
  const local = new Set(rules.filter((r) => !isSent(r.head)).map((r) => r.head.relation));
  const copies = new Map<RelationName, LoweredRule>();
  const split = rules.map((rule) => {
    const { head, spans } = rule;
    if (!isSent(head) || !local.has(head.relation)) return rule;
    if (!copies.has(head.relation)) {
      copies.set(head.relation, copyRule(head.relation, head.terms.length, spans.head));
    }
    return { ...rule, head: { ...head, relation: sentRelation(head.relation) } };
  });
  return [...split, ...copies.values()];
}

/** Their rules as the text has them: what is sent has its own name again, and nothing copies it. */
export function joinSent(rules: readonly Rule[]): readonly Rule[] {
  const joined = joinedRelations(rules);
  return rules.flatMap((rule) => {
    const { relation } = rule.head;
    const name = relation.slice(0, -SENT.length);
    if (relation.endsWith(SENT) && joined.has(name)) {
      return [{ ...rule, head: { ...rule.head, relation: name } }];
    }
    return joined.has(relation) && sentRule(rule) !== undefined ? [] : [rule];
  });
}

/** The rule that copies what arrives, as the reader makes it; nothing for any other rule. */
export function sentRule(rule: Rule): Rule | undefined {
  const { relation, terms } = rule.head;
  const names = distinctVariables(terms);
  const [literal] = rule.body;
  if (names === undefined || literal?.kind !== "relation") return undefined;
  if (literal.relation !== sentRelation(relation)) return undefined;
  const canonical = mapRule(rule, {
    variable: (name) =>
      variable(names.includes(name) ? `x${names.indexOf(name) + 1}` : `y_${name}`),
  });
  const { head, body } = copyRule(relation, terms.length, { start: 0, end: 0 });
  return printRule({ id: "", head, body }) === printRule(canonical) ? canonical : undefined;
}

function joinedRelations(rules: readonly Rule[]): ReadonlySet<RelationName> {
  const copies = rules.filter((r) => sentRule(r) !== undefined).map((r) => r.head.relation);
  const readers = (name: RelationName): number =>
    rules.filter((r) => r.body.some((l) => l.kind === "relation" && l.relation === name)).length;
  return new Set(
    copies.filter((name) => {
      const sent = sentRelation(name);
      const own = rules.filter((r) => r.head.relation === name);
      const sends = rules.filter((r) => r.head.relation === sent);
      return own.length > 1 && sends.every((r) => isSent(r.head)) && readers(sent) === 1;
    }),
  );
}

function isSent({ timing }: Head): boolean {
  return timing.kind === "async";
}

function copyRule(
  relation: RelationName,
  arity: number,
  span: { readonly start: number; readonly end: number },
): LoweredRule {
  const terms = Array.from({ length: arity }, (_, i) => variable(`x${i + 1}`));
  const spans = terms.map(() => span);
  const head: Head = { relation, terms, timing: { kind: "now" } };
  const literal = { literal: relationLiteral(sentRelation(relation), terms), span, terms: spans };
  return loweredRule({ head, span, terms: spans }, [literal], span, []);
}
