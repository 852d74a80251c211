import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { OwnerKey } from "../analysis/dependentKeys.ts";
import { computation } from "../analysis/keyTerm.ts";
import type { Computation, KeyTerm } from "../analysis/keyTerm.ts";
import type { HeadTerm, Literal, RelationLiteral, Term } from "../program/program.ts";
import type { DraftRule } from "./draft.ts";
import { changed } from "./draft.ts";
import { freshVariable } from "./freshNames.ts";
import { absent, literal, variable } from "./terms.ts";

/** A rule whose body says which partition owns a key, in `part`. */
export interface OwnedRule {
  readonly rule: DraftRule;
  readonly part: Term;
}

const ANY: Term = { kind: "wildcard" };

/**
 * The rule with literals that compute the owner of a key (rewrites.md section 5): the key's functions, then
 * `partition(key, n, p)`; a key of several terms is a tuple. A function may have no result for some argument, a table
 * no row; such facts go to the first partition, by a second rule, and are never lost (S-22):
 *
 *     r(x)@async(d2) :- b(x), shard(x, y), partition(y, 3, p), route_L(d, p, d2)
 *     r(x)@async(d2) :- b(x), !shard(x, _), route_L(d, 0, d2)
 */
export function ownedRules(
  p: AnalyzedProgram,
  rule: DraftRule,
  { key, terms }: OwnerKey,
  partitions: number,
  because: string,
): readonly OwnedRule[] {
  const computing = new Computing(p, rule);
  const [only, ...others] = key.map((term) => computing.term(term, terms));
  const hashed: Term =
    only !== undefined && others.length === 0
      ? only
      : { kind: "tuple", terms: only === undefined ? [] : [only, ...others] };
  const added = computing.added;
  const computed = changed(rule, { body: [...rule.body, ...added.map((a) => a.literal)] }, because);
  const part = variable(freshVariable(computed, "k"));
  const count: Term = { kind: "constant", value: partitions };
  const body = [...computed.body, literal("partition", [hashed, count, part])];
  const without = added.flatMap(({ literal: missing, how }, i): readonly OwnedRule[] => {
    if (how.total) return [];
    const terms = missing.terms.map((t, at) => (how.from.includes(at) ? t : ANY));
    const before: readonly Literal[] = added.slice(0, i).map((a) => a.literal);
    const lacking = [...rule.body, ...before, absent(missing.relation, terms)];
    const first: Term = { kind: "constant", value: 0 };
    return [{ rule: changed(rule, { body: lacking }, because), part: first }];
  });
  return [{ rule: changed(computed, { body }, because), part }, ...without];
}

interface Added {
  readonly literal: RelationLiteral;
  readonly how: Computation;
}

/** Collects the literals that a key needs beside those that the rule has. */
class Computing {
  readonly #p: AnalyzedProgram;
  readonly #rule: DraftRule;
  readonly added: Added[] = [];

  constructor(p: AnalyzedProgram, rule: DraftRule) {
    this.#p = p;
    this.#rule = rule;
  }

  term(term: KeyTerm, of: readonly HeadTerm[]): Term {
    if (typeof term === "number") {
      const own = of[term];
      if (own === undefined || own.kind === "aggregate") {
        throw new Error(`no key can be computed from position ${term}`);
      }
      return own;
    }
    if ("value" in term) return { kind: "constant", value: term.value };
    const how = computation(this.#p, term);
    if (how === undefined) throw new Error(`${term.function} cannot be computed`);
    return this.#result(
      how,
      term.of.map((t) => this.term(t, of)),
    );
  }

  #result(how: Computation, inputs: readonly Term[]): Term {
    const known = [...this.#rule.body, ...this.added.map((a) => a.literal)];
    const same = known.find((l): l is RelationLiteral => isComputed(l, how, inputs));
    if (same !== undefined) return same.terms[how.to]!;
    const body = [...this.#rule.body, ...this.added.map((a) => a.literal)];
    const result = variable(freshVariable({ ...this.#rule, body }, "h"));
    const terms = Array.from({ length: how.arity }, (_, i): Term => {
      const input = how.from.indexOf(i);
      return input >= 0 ? inputs[input]! : i === how.to ? result : ANY;
    });
    this.added.push({ literal: literal(how.relation, terms), how });
    return result;
  }
}

function isComputed(l: Literal, how: Computation, inputs: readonly Term[]): boolean {
  if (l.kind !== "relation" || l.negated || l.relation !== how.relation) return false;
  if (l.terms.length !== how.arity || l.terms[how.to]?.kind !== "variable") return false;
  return how.from.every((at, i) => termText(l.terms[at]!) === termText(inputs[i]!));
}

function termText(term: Term): string {
  return JSON.stringify(term, (_, value: unknown) =>
    typeof value === "bigint" ? `${value}n` : value,
  );
}
