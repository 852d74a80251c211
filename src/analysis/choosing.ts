import { choiceOf } from "../program/choice.ts";
import type { Choice } from "../program/choice.ts";
import type { Literal, RelationLiteral, Rule, Term } from "../program/program.ts";
import {
  headTermVariables,
  literalVariables,
  patternVariables,
  termVariables,
} from "../program/variables.ts";
import type { AnalyzedProgram, RelationKind } from "./analyzedProgram.ts";
import { boundVariables, functionTerms } from "./bindings.ts";

/** A rule of which some row stands for others, or has a number among them, in the parts in which that is found out. */
export interface ChoosingRule {
  /** What the rows are before anything is chosen: the valuations of these. */
  readonly base: readonly Literal[];
  /** In text order: each chooses among what those before it left. */
  readonly choices: readonly Choice[];
  /** What `index(i)` binds. */
  readonly numbers: readonly string[];
  /** Literals that use a row's number. */
  readonly later: readonly Literal[];
  /** The head has `choose<x>`. */
  readonly choosesInHead: boolean;
  readonly aggregates: boolean;
  /** Variables that the base binds: those of the head as they stand there, then the others in text order. */
  readonly variables: readonly string[];
}

/** Whether the program's `choose` or `index` is meant, and no relation of its own. */
function isBuiltIn(p: AnalyzedProgram, literal: RelationLiteral): boolean {
  return p.relations.get(literal.relation)?.kind === "builtin";
}

type BuiltIn<Name extends string> = RelationLiteral & { readonly relation: Name };

export function isChoice(p: AnalyzedProgram, literal: Literal): literal is BuiltIn<"choose"> {
  return literal.kind === "relation" && literal.relation === "choose" && isBuiltIn(p, literal);
}

export function isNumbering(p: AnalyzedProgram, literal: Literal): literal is BuiltIn<"index"> {
  return literal.kind === "relation" && literal.relation === "index" && isBuiltIn(p, literal);
}

/** The variable of a well-formed `index`. */
export function numberOf({ negated, terms }: RelationLiteral): string | undefined {
  const [term] = terms;
  return !negated && terms.length === 1 && term?.kind === "variable" ? term.name : undefined;
}

const memo = new WeakMap<object, WeakMap<Rule, ChoosingRule | "plain">>();

/** The parts of a rule that chooses or numbers; undefined for any other. */
export function choosingRule(p: AnalyzedProgram, rule: Rule): ChoosingRule | undefined {
  let known = memo.get(p.relations);
  if (known === undefined) memo.set(p.relations, (known = new WeakMap()));
  let found = known.get(rule);
  if (found === undefined) known.set(rule, (found = parts(p, rule) ?? "plain"));
  return found === "plain" ? undefined : found;
}

function parts(p: AnalyzedProgram, rule: Rule): ChoosingRule | undefined {
  const { terms } = rule.head;
  const choosesInHead = terms.some((t) => t.kind === "aggregate" && t.operator === "choose");
  const chosen = rule.body.filter((l) => isChoice(p, l));
  const numbered = rule.body.filter((l) => isNumbering(p, l));
  if (!choosesInHead && chosen.length === 0 && numbered.length === 0) return undefined;
  const numbers = [...new Set(numbered.flatMap((l) => numberOf(l) ?? []))];
  const others = rule.body.filter((l) => !isChoice(p, l) && !isNumbering(p, l));
  const base = withoutNumbers(p, rule, others, numbers);
  const bound = boundBy(p, rule, base);
  const named = [...terms.flatMap(headTermVariables), ...base.flatMap(literalVariables)];
  return {
    base,
    choices: chosen.flatMap((l) => choiceOf(l) ?? []),
    numbers,
    later: others.filter((l) => !base.includes(l)),
    choosesInHead,
    aggregates: terms.some((t) => t.kind === "aggregate"),
    variables: [...new Set(named)].filter((v) => bound.has(v)),
  };
}

/** The literals that hold or not whatever the numbers are. */
function withoutNumbers(
  p: AnalyzedProgram,
  rule: Rule,
  body: readonly Literal[],
  numbers: readonly string[],
): readonly Literal[] {
  if (numbers.length === 0) return body;
  let base = body.filter((l) => !literalVariables(l).some((v) => numbers.includes(v)));
  for (let before = -1; before !== base.length;) {
    before = base.length;
    const bound = boundBy(p, rule, base);
    base = base.filter((l) => needed(p, l).every((v) => bound.has(v)));
  }
  return base;
}

function boundBy(p: AnalyzedProgram, rule: Rule, body: readonly Literal[]): ReadonlySet<string> {
  const kind = (relation: string): RelationKind | undefined => p.relations.get(relation)?.kind;
  return boundVariables(p.program, { ...rule, body }, kind);
}

/** Variables that must have values before the literal can be evaluated. */
function needed(p: AnalyzedProgram, literal: Literal): readonly string[] {
  if (literal.kind === "comparison") return literalVariables(literal);
  if (literal.kind === "assignment") return termVariables(literal.value);
  if (literal.negated) return literalVariables(literal);
  const computed = literal.terms.filter((t) => patternVariables(t).length === 0);
  const isFunction = p.relations.get(literal.relation)?.kind === "func";
  const inputs = isFunction ? functionTerms(p.program, literal.relation, literal.terms).inputs : [];
  return [...inputs, ...computed].flatMap(termVariables);
}

/** Whether a head term is computed from a row's number. */
export function usesNumber(term: Term, { numbers }: ChoosingRule): boolean {
  return termVariables(term).some((v) => numbers.includes(v));
}
