import { functionSignature } from "../program/functions.ts";
import type { Program, Timing } from "../program/program.ts";
import { patternVariables, termVariables } from "../program/variables.ts";
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
    problems: parsed.body.flatMap((_, i) => singleEqualProblem(parsed.body, i)),
  };
  return expandSelf(plain);
}

function timingOf(parsed: ParsedRule): Timing {
  const { tag } = parsed.head;
  if (tag === undefined) return { kind: "now" };
  if (tag.kind === "next") return { kind: "next" };
  return { kind: "async", destination: tag.destination.value };
}

function singleEqualProblem(body: readonly ParsedLiteral[], index: number): Problem[] {
  const span = body[index]!.singleEqual;
  if (span === undefined) return [];
  const meant = givesValue(body, index) ? ":=" : "==";
  return [
    {
      code: "single-equal",
      message: "`=` stands where `==` (compares) or `:=` (assigns) is expected.",
      span,
      fix: { title: `Replace with \`${meant}\``, edits: [{ span, text: meant }] },
    },
  ];
}

/** Whether a comparison's left side is a variable that has no value but this one. */
function givesValue(body: readonly ParsedLiteral[], index: number): boolean {
  const { literal } = body[index]!;
  if (literal.kind !== "comparison" || literal.left.kind !== "variable") return false;
  const { name } = literal.left;
  if (name === "self" || termVariables(literal.right).includes(name)) return false;
  return !body.some((other, i) => i !== index && binds(other, name, i < index));
}

/** An earlier `=` counts as the assignment that it may be, a function's inputs do not. */
function binds({ literal, singleEqual }: ParsedLiteral, name: string, isEarlier: boolean): boolean {
  switch (literal.kind) {
    case "relation": {
      const { relation, terms } = literal;
      const inputs = functionSignature(NO_PROGRAM, relation, terms.length)?.inputs.length ?? 0;
      return !literal.negated && terms.slice(inputs).flatMap(patternVariables).includes(name);
    }
    case "assignment":
      return literal.variable === name;
    case "comparison": {
      const { left } = literal;
      const isAssigned = singleEqual !== undefined && isEarlier;
      return isAssigned && left.kind === "variable" && left.name === name;
    }
  }
}

/** Functions that the program declares are not known yet. */
const NO_PROGRAM: Program = { declarations: [], components: [] };
