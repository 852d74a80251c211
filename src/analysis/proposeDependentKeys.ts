import type { ComponentName, RelationName, Rule } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { partitionedRelations } from "./cohash.ts";
import { componentInputs, componentRules, idbLiterals } from "./componentRules.ts";
import { dependencies, MOST_DEPTH } from "./dependencies.ts";
import { dependentKeyViolations, keyViolations } from "./dependentKeys.ts";
import { keyDepth, keyPositions } from "./keyTerm.ts";
import type { KeyTerm, KeyTerms } from "./keyTerm.ts";
import { ruleCongruence, termsFor } from "./ruleCongruence.ts";
import type { Dependencies, RuleCongruence, Site } from "./ruleCongruence.ts";

/** How many keys are proposed at most. */
const MOST_PROPOSALS = 8;
/** Assignments that are tried at most before the search gives up. */
const MOST_TRIED = 400;

/**
 * Keys for a component that may be functions of attributes (the policy search of rewrites.md section 5), the simplest
 * first: a key of one relation, carried through the rules by what they force to be equal, going back where it leads
 * nowhere. Where no key is sound the nearest ones are returned, as if tables that are the same everywhere had
 * dependencies from their first attribute, so that a refusal can say which declaration is missing.
 */
export function proposeDependentKeys(
  p: AnalyzedProgram,
  component: ComponentName,
): readonly KeyTerms[] {
  const relations = partitionedRelations(p, component);
  if (relations.some((r) => p.relations.get(r)!.arity === 0)) return [];
  const known = dependencies(p);
  const sound = assignments(p, component, known).filter(
    (keys) => blocking(p, component, keys) === 0,
  );
  if (sound.length > 0) return differently(p, component, sound).slice(0, MOST_PROPOSALS);
  const hypothetical = assignments(p, component, withUndeclared(p, known));
  return hypothetical
    .filter((keys) =>
      dependentKeyViolations(p, component, keys).some(({ missing }) => missing !== undefined),
    )
    .slice(0, 1);
}

/** Keys for some of a component's relations, the others being kept at every partition (section 6). */
export function proposePartialKeys(
  p: AnalyzedProgram,
  component: ComponentName,
  split: readonly RelationName[],
): readonly KeyTerms[] {
  if (split.some((r) => p.relations.get(r)!.arity === 0)) return [];
  const sound = assignments(p, component, dependencies(p), split).filter(
    (keys) => keyViolations(p, component, keys).length === 0,
  );
  return differently(p, component, sound).slice(0, MOST_PROPOSALS);
}

/** Of those that send the same facts to the same partitions, the first. */
function differently(
  p: AnalyzedProgram,
  component: ComponentName,
  proposals: readonly KeyTerms[],
): readonly KeyTerms[] {
  const inputs = [...componentInputs(p, component)];
  const seen = new Set<string>();
  return proposals.filter((keys) => {
    const text = JSON.stringify(inputs.map((input) => keys[input]));
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

/** What clients send no key can mend. */
function blocking(p: AnalyzedProgram, component: ComponentName, keys: KeyTerms): number {
  return dependentKeyViolations(p, component, keys).filter(({ code }) => code !== "client-input")
    .length;
}

function withUndeclared(p: AnalyzedProgram, known: Dependencies): Dependencies {
  const assumed = new Map(known);
  for (const { name, kind, attributes } of p.relations.values()) {
    if (kind !== "edb.static" || (known.get(name) ?? []).length > 0) continue;
    assumed.set(
      name,
      attributes.slice(1).map((_, i) => ({
        position: i + 1,
        term: { function: name, of: [0], result: i + 1 },
      })),
    );
  }
  return assumed;
}

/** A relation's place in a rule that facts of one key have to share. */
interface Occurrence {
  readonly relation: RelationName;
  readonly site: Site;
}

interface RulePlaces {
  readonly e: RuleCongruence;
  readonly places: readonly Occurrence[];
}

type Partial = ReadonlyMap<RelationName, KeyTerm>;

/** Every assignment of one term to each relation that the rules agree on, the simplest first. */
function assignments(
  p: AnalyzedProgram,
  component: ComponentName,
  known: Dependencies,
  all: readonly RelationName[] = partitionedRelations(p, component),
): readonly KeyTerms[] {
  const split = new Set(all);
  const rules = componentRules(p, component).rules.map((rule) => placesOf(p, rule, known, split));
  const images = functionImages(p, rules);
  const inputs = componentInputs(p, component);
  const relations = [...all.filter((r) => inputs.has(r)), ...all.filter((r) => !inputs.has(r))];
  const found: Partial[] = [];
  let tried = 0;
  const extend = (partial: Partial): void => {
    if (tried++ > MOST_TRIED) return;
    const next = nextRelation(rules, relations, partial);
    if (next === undefined) {
      found.push(partial);
      return;
    }
    const options =
      forcedTerms(p, rules, next, partial) ?? seeds(images, p.relations.get(next)!.arity);
    for (const term of options) extend(new Map(partial).set(next, term));
  };
  extend(new Map());
  return found
    .sort((a, b) => weight(a) - weight(b))
    .map((partial) => Object.fromEntries(all.map((r) => [r, [partial.get(r)!]])));
}

function weight(partial: Partial): number {
  return [...partial.values()].reduce<number>((sum, term) => sum + keyDepth(term), 0);
}

function placesOf(
  p: AnalyzedProgram,
  rule: Rule,
  known: Dependencies,
  split: ReadonlySet<RelationName>,
): RulePlaces {
  const body = idbLiterals(p, rule).map(({ literal, index }): Occurrence => {
    return { relation: literal.relation, site: index };
  });
  const { relation, timing } = rule.head;
  const head: readonly Occurrence[] = timing.kind === "async" ? [] : [{ relation, site: "head" }];
  return {
    e: ruleCongruence(p, rule, known),
    places: [...body, ...head].filter((o) => split.has(o.relation)),
  };
}

/** One that shares a rule with a relation that has its key already, else any. */
function nextRelation(
  rules: readonly RulePlaces[],
  relations: readonly RelationName[],
  partial: Partial,
): RelationName | undefined {
  const left = relations.filter((r) => !partial.has(r));
  const isReached = (relation: RelationName) =>
    rules.some(
      ({ places }) =>
        places.some((one) => one.relation === relation) &&
        places.some((one) => partial.has(one.relation)),
    );
  return left.find(isReached) ?? left[0];
}

/** What rules with relations that have their keys force the relation's key to be; undefined when there are none. */
function forcedTerms(
  p: AnalyzedProgram,
  rules: readonly RulePlaces[],
  relation: RelationName,
  partial: Partial,
): readonly KeyTerm[] | undefined {
  const { arity } = p.relations.get(relation)!;
  let options: readonly KeyTerm[] | undefined;
  for (const { e, places } of rules) {
    const given = places.find((one) => partial.has(one.relation));
    const key = given && e.key(given.site, partial.get(given.relation)!);
    if (given === undefined) continue;
    for (const { site } of places.filter((one) => one.relation === relation)) {
      if (key === undefined) return [];
      options =
        options === undefined
          ? termsFor(p, e, site, arity, key, MOST_DEPTH).filter((t) => keyPositions(t).length > 0)
          : options.filter((term) => {
              const own = e.key(site, term);
              return own !== undefined && e.congruence.same(own, key);
            });
    }
  }
  return options;
}

/** Each attribute, and each function of one attribute that some rule of the component computes. */
function seeds(images: readonly KeyTerm[], arity: number): readonly KeyTerm[] {
  const positions = Array.from({ length: arity }, (_, i) => i);
  return [...positions, ...images.flatMap((term) => positions.map((i) => renamed(term, i)))];
}

/** Functions of one attribute, of whatever relation, in the component's rules; the attribute is written 0. */
function functionImages(p: AnalyzedProgram, rules: readonly RulePlaces[]): readonly KeyTerm[] {
  const images = new Map<string, KeyTerm>();
  for (const { e, places } of rules) {
    const results = e.congruence.results();
    for (const { site, relation } of places) {
      const { arity } = p.relations.get(relation)!;
      for (const result of results) {
        for (const term of termsFor(p, e, site, arity, result, MOST_DEPTH)) {
          const image = renamed(term, 0);
          const isOfOne = new Set(keyPositions(term)).size === 1;
          if (isOfOne && keyDepth(term) > 0) images.set(JSON.stringify(image), image);
        }
      }
    }
  }
  return [...images.values()].sort((a, b) => keyDepth(a) - keyDepth(b));
}

function renamed(term: KeyTerm, position: number): KeyTerm {
  if (typeof term === "number") return position;
  if ("value" in term) return term;
  return { ...term, of: term.of.map((t) => renamed(t, position)) };
}
