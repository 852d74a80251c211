import type { Span } from "../program/diagnostic.ts";
import type { HeadTerm, Literal, Term, Timing } from "../program/program.ts";
import type { LoweredRule } from "./lowered.ts";
import type { ParsedLiteral, ParsedRule } from "./parsed.ts";
import type { Problem } from "./problem.ts";
import { renameVariable, renameVariableInHead } from "./renameVariable.ts";

/** A rule of compact notation (language.md section 2): all that differs from the grammar is the shorthand. */
export function lowerCompactRule(parsed: ParsedRule): LoweredRule {
  const { head } = parsed;
  const plain: LoweredRule = {
    head: {
      relation: head.relation,
      terms: head.terms.map((t) => t.value),
      timing: timingOf(parsed),
    },
    body: parsed.body.map((l) => l.literal),
    spans: {
      rule: parsed.span,
      head: head.span,
      headTerms: head.terms.map((t) => t.span),
      ...(head.tag?.kind === "async" && { destination: head.tag.destination.span }),
      literals: parsed.body.map((l) => l.span),
      terms: parsed.body.map((l) => l.terms),
      names: parsed.names,
    },
    problems: parsed.body.flatMap(singleEqualProblem),
  };
  const bare = parsed.names.find((n) => n.kind === "variable" && n.name === "self");
  return bare === undefined ? plain : expandSelf(plain, bare.span);
}

function timingOf(parsed: ParsedRule): Timing {
  const { tag } = parsed.head;
  if (tag === undefined) return { kind: "now" };
  if (tag.kind === "next") return { kind: "next" };
  return { kind: "async", destination: tag.destination.value };
}

function singleEqualProblem(parsed: ParsedLiteral): Problem[] {
  const span = parsed.singleEqual;
  if (span === undefined) return [];
  return [
    {
      code: "single-equal",
      message: "`=` stands where `==` (compares) or `:=` (assigns) is expected.",
      span,
      fix: { title: "Replace with `==`", edits: [{ span, text: "==" }] },
    },
  ];
}

/** A bare `self` is short for an x with `self(x)` (rewrites.md section 0.1). */
function expandSelf(rule: LoweredRule, place: Span): LoweredRule {
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
