import { functionSignature } from "../program/functions.ts";
import type { HeadTerm, Rule, RelationName, Term } from "../program/program.ts";
import { valueKey } from "../program/value.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { kindOfRelation } from "./componentRules.ts";
import { Congruence } from "./congruence.ts";
import type { TermClass } from "./congruence.ts";
import { functionSymbol, isFixedFunction, symbolOf } from "./keyTerm.ts";
import type { KeyTerm } from "./keyTerm.ts";

/** Every fact has `position` equal to `term`, the same function of its attributes at all times and nodes. */
export interface Dependency {
  readonly position: number;
  readonly term: KeyTerm;
}

export type Dependencies = ReadonlyMap<RelationName, readonly Dependency[]>;

/** Where a term stands in a rule: in its head, or in a body literal. */
export type Site = "head" | number;

/** E of rewrites.md section 5: what one rule's body forces to be equal, given its relations' dependencies. */
export interface RuleCongruence {
  readonly congruence: Congruence;
  /** Undefined for an aggregate, and for a `_` in a negated literal. */
  at(site: Site, position: number): TermClass | undefined;
  /** A key term over the attributes of the fact at that site. */
  key(site: Site, term: KeyTerm): TermClass | undefined;
  /** A term of the rule's variables, wherever it stands; undefined for a `_`. */
  of(term: Term): TermClass | undefined;
}

const TUPLE = "(,)";

export function ruleCongruence(
  p: AnalyzedProgram,
  rule: Rule,
  dependencies: Dependencies,
): RuleCongruence {
  const congruence = new Congruence((symbol) => isInjective(p, symbol));
  let wildcards = 0;
  const classOf = (term: HeadTerm, mayBeAny: boolean): TermClass | undefined => {
    switch (term.kind) {
      case "variable":
        return congruence.leaf(`v:${term.name}`);
      case "constant":
        return congruence.leaf(`c:${valueKey(term.value)}`);
      case "wildcard":
        return mayBeAny ? congruence.leaf(`_:${wildcards++}`) : undefined;
      case "aggregate":
        return undefined;
      case "arithmetic":
        return applied(`${term.operator}`, [term.left, term.right], mayBeAny);
      case "tuple":
        return applied(TUPLE, term.terms, mayBeAny);
    }
  };
  const applied = (symbol: string, terms: readonly Term[], mayBeAny: boolean) => {
    const of = terms.map((t) => classOf(t, mayBeAny));
    return of.includes(undefined) ? undefined : congruence.apply(symbol, of as TermClass[]);
  };
  const sites = new Map<Site, readonly (TermClass | undefined)[]>([
    ["head", rule.head.terms.map((t) => classOf(t, false))],
  ]);
  rule.body.forEach((literal, index) => {
    if (literal.kind !== "relation") return;
    sites.set(
      index,
      literal.terms.map((t) => classOf(t, !literal.negated)),
    );
  });
  const at = (site: Site, position: number) => sites.get(site)?.[position];
  const key = (site: Site, term: KeyTerm): TermClass | undefined => {
    if (typeof term === "number") return at(site, term);
    if ("value" in term) return congruence.leaf(`c:${valueKey(term.value)}`);
    const of = term.of.map((t) => key(site, t));
    return of.includes(undefined)
      ? undefined
      : congruence.apply(symbolOf(p, term), of as TermClass[]);
  };
  rule.body.forEach((literal, index) => {
    if (literal.kind === "comparison" && literal.operator === "==") {
      mergeIfKnown(congruence, classOf(literal.left, false), classOf(literal.right, false));
    } else if (literal.kind === "assignment") {
      const variable = congruence.leaf(`v:${literal.variable}`);
      mergeIfKnown(congruence, variable, classOf(literal.value, false));
    } else if (literal.kind === "relation" && !literal.negated) {
      mergeFunction(p, congruence, literal.relation, literal.terms.length, (i) => at(index, i));
      for (const { position, term } of dependencies.get(literal.relation) ?? []) {
        mergeIfKnown(congruence, at(index, position), key(index, term));
      }
    }
  });
  return { congruence, at, key, of: (term) => classOf(term, false) };
}

function mergeIfKnown(
  congruence: Congruence,
  a: TermClass | undefined,
  b: TermClass | undefined,
): void {
  if (a !== undefined && b !== undefined) congruence.merge(a, b);
}

function mergeFunction(
  p: AnalyzedProgram,
  congruence: Congruence,
  relation: RelationName,
  arity: number,
  at: (position: number) => TermClass | undefined,
): void {
  if (kindOfRelation(p, relation) !== "func" || !isFixedFunction(p, relation, arity)) return;
  const { inputs, outputs } = functionSignature(p.program, relation, arity)!;
  const of = inputs.map((_, i) => at(i));
  if (of.includes(undefined)) return;
  outputs.forEach((_, i) => {
    const result = inputs.length + i;
    const symbol = functionSymbol(relation, inputs.length, result);
    mergeIfKnown(congruence, at(result), congruence.apply(symbol, of as TermClass[]));
  });
}

function isInjective(p: AnalyzedProgram, symbol: string): boolean {
  if (symbol === TUPLE) return true;
  const [name = "", inputs, result] = symbol.split("/");
  // With one result only: of several, each by itself says less than all of them.
  return (
    Number(inputs) === Number(result) &&
    functionSignature(p.program, name, Number(inputs) + 1)?.injective === true
  );
}

/** More terms than this for one class are not listed. */
const MOST_TERMS = 24;

/** Key terms over a site's attributes that the rule forces to be equal to a class, the simplest first. */
export function termsFor(
  p: AnalyzedProgram,
  { congruence, at }: RuleCongruence,
  site: Site,
  arity: number,
  wanted: TermClass,
  depth: number,
): readonly KeyTerm[] {
  const express = (term: TermClass, left: number): readonly KeyTerm[] => {
    const positions = Array.from({ length: arity }, (_, i) => i).filter((i) => {
      const own = at(site, i);
      return own !== undefined && congruence.same(own, term);
    });
    const constants = congruence.leavesIn(term).flatMap((leaf): readonly KeyTerm[] => {
      const value = leaf.startsWith("c:") ? plainValue(leaf.slice(2)) : undefined;
      return value === undefined ? [] : [{ value }];
    });
    const plain: readonly KeyTerm[] = [...positions, ...constants];
    if (left === 0) return plain;
    const applications = congruence.applicationsIn(term).flatMap(({ symbol, of }) => {
      const head = applicationHead(p, symbol);
      if (head === undefined) return [];
      return product(of.map((t) => express(t, left - 1))).map((terms) => ({ ...head, of: terms }));
    });
    return [...plain, ...applications].slice(0, MOST_TERMS);
  };
  return express(wanted, depth);
}

/** `hash/2/2` is `hash` of two arguments whose result stands behind them. */
function applicationHead(
  p: AnalyzedProgram,
  symbol: string,
): { readonly function: RelationName; readonly result?: number } | undefined {
  const [name = "", inputs, result] = symbol.split("/");
  if (inputs === undefined || result === undefined || name === "") return undefined;
  const isOnly = functionSignature(p.program, name, Number(inputs) + 1) !== undefined;
  return isOnly && inputs === result
    ? { function: name }
    : { function: name, result: Number(result) };
}

/** A value's text (`valueKey`) back as a key's constant. */
function plainValue(key: string): number | string | undefined {
  if (/^i-?\d{1,15}$/.test(key)) return Number(key.slice(1));
  return key.startsWith("s") ? key.slice(key.indexOf(":") + 1) : undefined;
}

function product<T>(choices: readonly (readonly T[])[]): readonly (readonly T[])[] {
  return choices.reduce<readonly (readonly T[])[]>(
    (rows, options) => rows.flatMap((row) => options.map((o) => [...row, o])).slice(0, MOST_TERMS),
    [[]],
  );
}
