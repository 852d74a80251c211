import type { Rule } from "../program/program.ts";
import type { Statement } from "./layout.ts";
import type { LoweredRule } from "./lowered.ts";
import { movedProblem, movedRule, movedSpan } from "./movedPlaces.ts";
import type { ParsedDeclaration, ParsedRule } from "./parsed.ts";
import { isDeclaration, parseByGrammar, parseDeclaration } from "./parseStatement.ts";
import { plainRule } from "./plainRule.ts";
import type { Problem } from "./problem.ts";
import { lowerCompactRule } from "./readCompact.ts";

/** What a statement is, wherever it stands: all places count from its first character. */
export type ReadStatement =
  | { readonly kind: "rule"; readonly rule: RuleText }
  | { readonly kind: "declaration"; readonly parsed: ParsedDeclaration }
  | { readonly kind: "broken"; readonly problem: Problem };

/** A rule as it was read, with what was made of it. */
export class RuleText {
  readonly parsed: ParsedRule;
  #lowered: LoweredRule | undefined;
  #made: { readonly component: string; readonly number: number; readonly rule: Rule } | undefined;

  constructor(parsed: ParsedRule) {
    this.parsed = parsed;
  }

  /** As a rule of compact notation. */
  get lowered(): LoweredRule {
    this.#lowered ??= lowerCompactRule(this.parsed);
    return this.#lowered;
  }

  /** The rule of compact notation, the component's so-manieth of its relation: the same object while it is that. */
  ruleOf(component: string, number: number): Rule {
    const made = this.#made;
    if (made?.number === number && made.component === component) return made.rule;
    const { head, body } = this.lowered;
    const rule = { id: `${component}/${head.relation}/${number}`, head, body };
    this.#made = { component, number, rule };
    return rule;
  }
}

export function startOf({ tokens }: Statement): number {
  return tokens[0]!.startOffset;
}

export function readStatement({ tokens }: Statement): ReadStatement {
  const { startOffset } = tokens[0]!;
  if (isDeclaration(tokens)) {
    const read = parseDeclaration(tokens);
    if (!read.ok) return { kind: "broken", problem: movedProblem(read.problem, -startOffset) };
    const { span } = read.value;
    return {
      kind: "declaration",
      parsed: { ...read.value, span: movedSpan(span, -startOffset) },
    };
  }
  const plain = plainRule(tokens, startOffset);
  if (plain !== undefined) return { kind: "rule", rule: new RuleText(plain) };
  const read = parseByGrammar(tokens);
  return read.ok
    ? { kind: "rule", rule: new RuleText(movedRule(read.value, -startOffset)) }
    : { kind: "broken", problem: movedProblem(read.problem, -startOffset) };
}
