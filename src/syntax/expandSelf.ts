import type { Span } from "../program/diagnostic.ts";
import type { HeadTerm, Literal, Term } from "../program/program.ts";
import type { LoweredRule } from "./lowered.ts";
import { headVariables, literalVariables } from "../program/variables.ts";
import { renameVariable, renameVariableInHead } from "./renameVariable.ts";

/**
 * A bare `self` is short for an x with `self(x)` (rewrites.md section 0.1): afterwards no variable has that name, and a program
 * means the same in every notation.
 */
export function expandSelf(rule: LoweredRule): LoweredRule {
  const bare = rule.spans.names.find((n) => n.kind === "variable" && n.name === "self");
  return bare !== undefined && usesSelf(rule) ? withOwnAddress(rule, bare.span) : rule;
}

/** As data, that is: paper notation may call a rule's location so. */
function usesSelf(rule: LoweredRule): boolean {
  const variables = [...headVariables(rule.head), ...rule.body.flatMap(literalVariables)];
  return variables.includes("self");
}

function withOwnAddress(rule: LoweredRule, place: Span): LoweredRule {
  const bound = rule.body.find(isSelfLiteral)?.terms[0];
  const name =
    bound?.kind === "variable" && bound.name !== "self" ? bound.name : freshName(rule, "l");
  const to: Term = { kind: "variable", name };
  const body = rule.body.map((l) => renameVariable(l, "self", name));
  const head = renameVariableInHead(rule.head, "self", name);
  const { spans } = rule;
  const names = spans.names.map((n) =>
    n.kind === "variable" && n.name === "self" ? { ...n, name } : n,
  );
  if (body.some((l) => isSelfLiteral(l) && sameVariable(l.terms[0], name))) {
    return { ...rule, head, body, spans: { ...spans, names } };
  }
  return {
    ...rule,
    head,
    body: [...body, { kind: "relation", negated: false, relation: "self", terms: [to] }],
    spans: {
      ...spans,
      names,
      literals: [...spans.literals, place],
      terms: [...spans.terms, [place]],
    },
  };
}

function isSelfLiteral(literal: Literal): literal is Extract<Literal, { kind: "relation" }> {
  return literal.kind === "relation" && !literal.negated && literal.relation === "self";
}

function sameVariable(term: HeadTerm | undefined, name: string): boolean {
  return term?.kind === "variable" && term.name === name;
}

function freshName(rule: LoweredRule, wanted: string): string {
  const used = new Set(rule.spans.names.map((n) => n.name));
  let name = wanted;
  for (let i = 1; used.has(name); i++) name = `${wanted}${i}`;
  return name;
}
