import type { Diagnostic } from "../program/diagnostic.ts";
import type { Literal, Program, Rule, RuleId, Term } from "../program/program.ts";
import { address } from "../program/value.ts";
import { Assembly } from "./assembly.ts";
import { layOut } from "./layout.ts";
import { parseLayout } from "./parseLayout.ts";
import { headTermVariables } from "../program/variables.ts";
import * as words from "./tokens.ts";

/** A test case in the shorthand of the specification: `rules | rules`, one component named `L`. */
export interface ReadCase {
  readonly program: Program;
  /** Rules left and right of the bar; all are left when there is none. */
  readonly left: readonly RuleId[];
  readonly right: readonly RuleId[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads `C1 | C2`. A destination that nothing binds names a client or a component (`c`, `K`) and becomes an address constant.
 */
export function readCase(text: string): ReadCase {
  const scanned = words.scan(text);
  const layout = layOut(scanned.tokens, text, { lineNumbers: false });
  const parsed = parseLayout(layout, scanned);
  const assembly = new Assembly(parsed, "L");
  const left: RuleId[] = [];
  const right: RuleId[] = [];
  for (const { statement, rule } of parsed.rules) {
    const id = assembly.addPlain(statement, rule);
    (statement.rightOfBar ? right : left).push(id);
  }
  const { program, diagnostics } = assembly.finish();
  const components = program.components.map((c) => ({ ...c, rules: c.rules.map(nameDestination) }));
  return { program: { ...program, components }, left, right, diagnostics };
}

function nameDestination(rule: Rule): Rule {
  const { timing } = rule.head;
  if (timing.kind !== "async" || timing.destination.kind !== "variable") return rule;
  const { name } = timing.destination;
  if (rule.body.some((literal) => binds(literal, name))) return rule;
  const destination: Term = { kind: "constant", value: address(name) };
  return { ...rule, head: { ...rule.head, timing: { ...timing, destination } } };
}

function binds(literal: Literal, name: string): boolean {
  switch (literal.kind) {
    case "relation":
      return !literal.negated && literal.terms.some((t) => headTermVariables(t).includes(name));
    case "assignment":
      return literal.variable === name;
    case "comparison":
      return false;
  }
}
