import type { RelationName, Rule } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { declaredDependencies, keyPositions } from "./keyTerm.ts";
import type { KeyTerm } from "./keyTerm.ts";
import { ruleCongruence, termsFor } from "./ruleCongruence.ts";
import type { Dependencies, Dependency } from "./ruleCongruence.ts";

/** How deep functions may stand inside each other in a dependency. */
export const MOST_DEPTH = 2;
/** More dependencies than this of one relation are not looked for. */
const MOST_CANDIDATES = 64;

const memo = new WeakMap<object, Dependencies>();
const believedMemo = new WeakMap<object, Dependencies>();

/**
 * The functional dependencies of every relation, each with the identity of its function (rewrites.md section 5): what
 * every rule that derives the relation keeps, peers and other components included, as a greatest fixpoint; a rule that
 * keeps a fact for the next tick would never bootstrap a least one. What clients send has the declared ones only.
 */
export function dependencies(p: AnalyzedProgram): Dependencies {
  let found = memo.get(p.relations);
  if (found === undefined) memo.set(p.relations, (found = computeDependencies(p)));
  return found;
}

/**
 * The same, but what is declared of a channel is believed, as it is of what clients send, even where its senders only pass
 * on what they are given: a component that reads the channel may rely on it (rewrites.md section 1.8).
 */
export function dependenciesOfInputs(p: AnalyzedProgram): Dependencies {
  let found = believedMemo.get(p.relations);
  if (found === undefined) {
    found = computeDependencies(p, (relation) => p.relations.get(relation)?.kind === "chan");
    believedMemo.set(p.relations, found);
  }
  return found;
}

function computeDependencies(
  p: AnalyzedProgram,
  isBelieved: (relation: RelationName) => boolean = () => false,
): Dependencies {
  const rules = [...p.rules.values()].map(({ rule }) => rule);
  let held = candidates(p, rules);
  let changed: ReadonlySet<RelationName> = new Set(held.keys());
  while (changed.size > 0) {
    const assumed = held;
    const lost = new Map<RelationName, ReadonlySet<Dependency>>();
    for (const rule of rules.filter((r) => namesAny(r, changed))) {
      const { relation } = rule.head;
      const kept = isBelieved(relation) ? declared(p, relation).map((d) => JSON.stringify(d)) : [];
      const broken = (assumed.get(relation) ?? []).filter(
        (d) => !keeps(p, rule, d, assumed) && !kept.includes(JSON.stringify(d)),
      );
      if (broken.length > 0) {
        lost.set(relation, new Set([...(lost.get(relation) ?? []), ...broken]));
      }
    }
    changed = new Set(lost.keys());
    held = new Map(
      [...assumed].map(([r, list]) => [r, list.filter((d) => lost.get(r)?.has(d) !== true)]),
    );
  }
  return held;
}

/** Only then does the rule have to be asked again. */
function namesAny({ head, body }: Rule, relations: ReadonlySet<RelationName>): boolean {
  return (
    relations.has(head.relation) ||
    body.some((literal) => literal.kind === "relation" && relations.has(literal.relation))
  );
}

/** What a rule's facts have whenever the facts it reads have theirs: STEP, asked of one dependency. */
function keeps(p: AnalyzedProgram, rule: Rule, d: Dependency, assumed: Dependencies): boolean {
  const e = ruleCongruence(p, rule, assumed);
  const [is, asFunction] = [e.at("head", d.position), e.key("head", d.term)];
  return is !== undefined && asFunction !== undefined && e.congruence.same(is, asFunction);
}

/** Everything that some rule might give: STEP united over rules, from the declared ones, until nothing is new. */
function candidates(p: AnalyzedProgram, rules: readonly Rule[]): Dependencies {
  const found = new Map<RelationName, readonly Dependency[]>();
  for (const relation of p.relations.keys()) found.set(relation, declared(p, relation));
  const derived = rules.filter(({ head }) => p.relations.get(head.relation)?.kind !== "env");
  let changed = new Set(found.keys());
  while (changed.size > 0) {
    const before = changed;
    changed = new Set();
    for (const rule of derived) {
      const { relation } = rule.head;
      if (!namesAny(rule, before) && !namesAny(rule, changed)) continue;
      const known = found.get(relation) ?? [];
      const texts = new Set(known.map((d) => JSON.stringify(d)));
      const fresh = step(p, rule, found).filter((d) => !texts.has(JSON.stringify(d)));
      if (fresh.length === 0 || known.length >= MOST_CANDIDATES) continue;
      found.set(relation, [...known, ...fresh].slice(0, MOST_CANDIDATES));
      changed.add(relation);
    }
  }
  return found;
}

/** The dependencies that one rule gives its head; aggregates are functions of a tick's group and give none. */
function step(p: AnalyzedProgram, rule: Rule, assumed: Dependencies): readonly Dependency[] {
  const e = ruleCongruence(p, rule, assumed);
  const arity = rule.head.terms.length;
  return rule.head.terms.flatMap((_, position): readonly Dependency[] => {
    const own = e.at("head", position);
    if (own === undefined) return [];
    return termsFor(p, e, "head", arity, own, MOST_DEPTH)
      .filter((term) => !keyPositions(term).includes(position))
      .map((term) => ({ position, term }));
  });
}

/** Of functions, and of tables that are the same everywhere or come from outside; a node's own table is another function (S-21). */
function declared(p: AnalyzedProgram, relation: RelationName): readonly Dependency[] {
  const kind = p.relations.get(relation)?.kind;
  if (kind === "edb.node" || kind === "func" || kind === "builtin") return [];
  return declaredDependencies(p, relation).map(({ from, to, function: name }) => {
    const term: KeyTerm =
      name === undefined
        ? { function: relation, of: from, result: to }
        : { function: name, of: from };
    return { position: to, term };
  });
}
