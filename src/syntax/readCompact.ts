import type { Timing } from "../program/program.ts";
import { expandSelf } from "./expandSelf.ts";
import type { LoweredRule } from "./lowered.ts";
import type { ParsedLiteral, ParsedRule } from "./parsed.ts";
import type { Problem } from "./problem.ts";

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
  return expandSelf(plain);
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
