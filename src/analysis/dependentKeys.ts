import type { Evidence, Place } from "../program/evidence.ts";
import type { ComponentName, HeadTerm, RelationName, Rule, RuleId } from "../program/program.ts";
import { hasAggregate } from "../program/variables.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import {
  chanceFindings,
  clientInputs,
  keylessFindings,
  partitionedRelations,
  unroutableSenders,
} from "./cohash.ts";
import { componentRules, idbLiterals } from "./componentRules.ts";
import type { TermClass } from "./congruence.ts";
import { dependencies } from "./dependencies.ts";
import type { Finding } from "./finding.ts";
import { computation, keyPositions, shownKey } from "./keyTerm.ts";
import type { KeyApplication, KeyTerm, KeyTerms } from "./keyTerm.ts";
import { ruleCongruence } from "./ruleCongruence.ts";
import type { Dependencies, RuleCongruence, Site } from "./ruleCongruence.ts";
import { hasSeal } from "./seals.ts";
import { aggregatedWord, quoted, ruleNumber } from "./wording.ts";

/** A dependency that would make a refused key right, if it is true. */
export interface MissingDependency {
  readonly relation: RelationName;
  readonly from: string;
  readonly to: string;
}

export interface DependentFinding extends Finding {
  readonly missing?: MissingDependency;
}

/**
 * Why a component cannot be partitioned by keys that may be functions of attributes: CHECK of rewrites.md section 5,
 * which is P1 to P3 and P5 to P7 of section 4 with equality up to functional dependencies.
 */
export function dependentKeyViolations(
  p: AnalyzedProgram,
  component: ComponentName,
  keys: KeyTerms,
): readonly DependentFinding[] {
  return [
    ...keylessFindings(p, component, usableKeys(p, keys)),
    ...clientInputs(p, component),
    ...keyViolations(p, component, keys),
  ];
}

/** The same of the relations alone that have a key: what is kept at every partition has none (section 6, Q2). */
export function keyViolations(
  p: AnalyzedProgram,
  component: ComponentName,
  keys: KeyTerms,
): readonly DependentFinding[] {
  const usable = usableKeys(p, keys);
  const { rules } = componentRules(p, component);
  const positions = Object.fromEntries(
    Object.entries(usable).map(([relation, key]) => [relation, key.flatMap(keyPositions)]),
  );
  return [
    ...uncomputable(p, component, usable),
    ...rules.flatMap((rule) => ruleFindings(p, rule, usable)),
    ...unroutableSenders(p, component, positions),
    ...rules.flatMap((rule) => chanceFindings(p, rule, usable)),
  ];
}

/** Which key a rule that no fact triggers belongs to (P4): the key of its head, or of the facts it wants to be absent. */
export interface OwnerKey {
  readonly key: readonly KeyTerm[];
  readonly terms: readonly HeadTerm[];
}

/** P4: rules without a positive literal over a relation with a key, for keys that have no violations. */
export function dependentGuards(
  p: AnalyzedProgram,
  component: ComponentName,
  keys: KeyTerms,
): { readonly owners: ReadonlyMap<RuleId, OwnerKey>; readonly once: ReadonlySet<RuleId> } {
  const owners = new Map<RuleId, OwnerKey>();
  const once = new Set<RuleId>();
  for (const rule of componentRules(p, component).rules) {
    const literals = idbLiterals(p, rule)
      .map(({ literal }) => literal)
      .filter(({ relation }) => keys[relation] !== undefined);
    if (literals.some(({ negated }) => !negated)) continue;
    const [absent] = literals;
    const { relation, terms, timing } = rule.head;
    const own = timing.kind === "async" ? undefined : keys[relation];
    if (own !== undefined) owners.set(rule.id, { key: own, terms });
    else if (absent !== undefined) {
      owners.set(rule.id, { key: keys[absent.relation]!, terms: absent.terms });
    } else if (timing.kind === "async") once.add(rule.id);
  }
  return { owners, once };
}

function usableKeys(p: AnalyzedProgram, keys: KeyTerms): KeyTerms {
  return Object.fromEntries(
    Object.entries(keys).filter(([relation, key]) => {
      const arity = p.relations.get(relation)?.arity ?? 0;
      return key.length > 0 && key.flatMap(keyPositions).every((i) => i < arity);
    }),
  );
}

/** Functions in keys that senders cannot compute, or that are not one function at all nodes (S-21). */
function uncomputable(
  p: AnalyzedProgram,
  component: ComponentName,
  keys: KeyTerms,
): readonly DependentFinding[] {
  const names = new Map<RelationName, RelationName>();
  for (const relation of partitionedRelations(p, component)) {
    for (const term of (keys[relation] ?? []).flatMap(applicationsIn)) {
      if (computation(p, term) === undefined) names.set(term.function, relation);
    }
  }
  return [...names].map(([name, relation]): DependentFinding => {
    const info = p.relations.get(name);
    const isTable = info?.kind === "edb.static";
    const why = isTable
      ? `nothing says that one row of ${quoted(name)} follows from another of its attributes`
      : info?.kind === "edb.node"
        ? `${quoted(name)} may hold something else at each node`
        : `${quoted(name)} is not the same function at every node`;
    const [from, to] = info?.attributes ?? [];
    return {
      code: isTable ? "undeclared-dependency" : "no-dependency",
      statement: `${quoted(relation)} is to be split by ${quoted(shownKey(p, relation, keys[relation]!))}, but ${why}. Senders would address different partitions.`,
      evidence: [{ kind: "relation", relation: name, because: why }],
      ...(isTable && from && to
        ? { missing: { relation: name, from: from.name, to: to.name } }
        : {}),
    };
  });
}

function applicationsIn(term: KeyTerm): readonly KeyApplication[] {
  if (typeof term === "number" || "value" in term) return [];
  return [term, ...term.of.flatMap(applicationsIn)];
}

/** A literal or head with the classes of its key. */
interface Keyed {
  readonly relation: RelationName;
  readonly place: Place;
  readonly negated: boolean;
  readonly key: readonly (TermClass | undefined)[];
}

function keyedParts(
  p: AnalyzedProgram,
  rule: Rule,
  keys: KeyTerms,
  e: RuleCongruence,
): { readonly body: readonly Keyed[]; readonly head: Keyed | undefined } {
  const classes = (relation: RelationName, site: Site) =>
    keys[relation]?.map((term) => e.key(site, term));
  const body = idbLiterals(p, rule).flatMap(({ literal, index }): readonly Keyed[] => {
    const { relation, negated } = literal;
    const key = classes(relation, index);
    return key === undefined
      ? []
      : [{ relation, negated, key, place: { kind: "literal", rule: rule.id, index } }];
  });
  const { relation, timing } = rule.head;
  const key = timing.kind === "async" ? undefined : classes(relation, "head");
  const place: Place = { kind: "head", rule: rule.id };
  return { body, head: key && { relation, place, negated: false, key } };
}

function ruleFindings(p: AnalyzedProgram, rule: Rule, keys: KeyTerms): readonly DependentFinding[] {
  const e = ruleCongruence(p, rule, dependencies(p));
  const { body, head } = keyedParts(p, rule, keys, e);
  const any = body.filter((one) => one.key.includes(undefined));
  const clear = body.filter((one) => !any.includes(one));
  // The shares of a sealed set are put together by its receiver.
  const split = hasAggregate(rule) && !hasSeal(rule) ? splitGroups(rule, clear, head, e) : [];
  const first = clear.find((one) => !one.negated) ?? clear[0];
  const others = [...clear, ...(head && split.length === 0 ? [head] : [])];
  const apart = first ? others.filter((one) => one !== first && !agree(e, first, one)) : [];
  return [
    ...any.map((one) => absentAny(p, rule, keys, one)),
    ...split.map((one) => groupSplit(p, rule, keys, one)),
    ...apart.map((one) => difference(p, rule, keys, first!, one)),
  ];
}

function agree({ congruence }: RuleCongruence, a: Keyed, b: Keyed): boolean {
  return (
    a.key.length === b.key.length &&
    a.key.every((own, i) => {
      const other = b.key[i];
      return own !== undefined && other !== undefined && congruence.same(own, other);
    })
  );
}

/** P3: a key that is no function of what the rule groups by, or one that the aggregate itself computes. */
function splitGroups(
  rule: Rule,
  body: readonly Keyed[],
  head: Keyed | undefined,
  e: RuleCongruence,
): readonly Keyed[] {
  const groups = rule.head.terms.flatMap((_, i) => {
    const own = e.at("head", i);
    return own === undefined ? [] : [own];
  });
  const split = body.filter((one) => one.key.some((own) => !isFunctionOf(e, own!, groups)));
  if (split.length > 0 || head?.key.includes(undefined) !== true) return split;
  return [head];
}

/** Whether the terms `of` decide the term. */
export function isFunctionOf(
  e: RuleCongruence,
  term: TermClass,
  of: readonly TermClass[],
  passed: readonly TermClass[] = [],
): boolean {
  const { congruence } = e;
  if (of.some((group) => congruence.same(group, term))) return true;
  if (congruence.leavesIn(term).some((leaf) => leaf.startsWith("c:"))) return true;
  if (passed.some((before) => congruence.same(before, term))) return false;
  return congruence
    .applicationsIn(term)
    .some((a) => a.of.every((t) => isFunctionOf(e, t, of, [...passed, term])));
}

function splitBy(p: AnalyzedProgram, keys: KeyTerms, { relation }: Keyed): string {
  return quoted(shownKey(p, relation, keys[relation]!));
}

function placed(p: AnalyzedProgram, keys: KeyTerms, one: Keyed): Evidence {
  return { ...one.place, because: `split by ${splitBy(p, keys, one)}` };
}

function absentAny(p: AnalyzedProgram, rule: Rule, keys: KeyTerms, one: Keyed): DependentFinding {
  return {
    code: "absent-wildcard",
    statement:
      `Rule ${ruleNumber(p, rule.id)} asks that no ${quoted(one.relation)} exists, whatever its key ${splitBy(p, keys, one)}. ` +
      `One partition sees only its share.`,
    evidence: [{ ...one.place, because: "its key is `_`: any fact anywhere counts" }],
  };
}

function groupSplit(p: AnalyzedProgram, rule: Rule, keys: KeyTerms, one: Keyed): DependentFinding {
  const place: Place = { kind: "head", rule: rule.id };
  return {
    code: "group-split",
    statement:
      `In rule ${ruleNumber(p, rule.id)}, ${quoted(one.relation)} is split by ${splitBy(p, keys, one)}, which does not follow ` +
      `from what the rule groups by: facts of one group would be ${aggregatedWord(rule)} on different nodes.`,
    evidence: [placed(p, keys, one), { ...place, because: "one group for each of these" }],
  };
}

function difference(
  p: AnalyzedProgram,
  rule: Rule,
  keys: KeyTerms,
  one: Keyed,
  other: Keyed,
): DependentFinding {
  const number = ruleNumber(p, rule.id);
  const [a, b] = [splitBy(p, keys, one), splitBy(p, keys, other)];
  const evidence: Finding["evidence"] = [placed(p, keys, one), placed(p, keys, other)];
  const missing = missingDependency(p, rule, keys, one, other);
  const usesFunction = [one, other].some(({ relation }) =>
    keys[relation]!.some((term) => typeof term !== "number"),
  );
  const isHead = other.place.kind === "head";
  const what = isHead
    ? `Rule ${number} derives ${quoted(other.relation)}, which is split by ${b}, where ${quoted(one.relation)} is, which is split by ${a}`
    : `In rule ${number}, ${quoted(one.relation)} is split by ${a} and ${one.relation === other.relation ? "the other one" : quoted(other.relation)} by ${b}`;
  if (missing !== undefined) {
    const said = quoted(`fd ${missing.relation}: ${missing.from} -> ${missing.to}`);
    return {
      code: "undeclared-dependency",
      statement: `${what}. The keys would agree if ${said} were declared, which it is not.`,
      evidence,
      missing,
    };
  }
  return {
    code: usesFunction ? "no-dependency" : isHead ? "head-key" : "keys-differ",
    statement: `${what}. Nothing makes the two equal, so ${isHead ? "the fact would be on the wrong node" : "facts that belong together would be on different nodes"}.`,
    evidence,
  };
}

/** A dependency from one attribute to another, of a relation in the rule, that would make the keys agree. */
function missingDependency(
  p: AnalyzedProgram,
  rule: Rule,
  keys: KeyTerms,
  one: Keyed,
  other: Keyed,
): MissingDependency | undefined {
  const known = dependencies(p);
  const declarable = rule.body.flatMap((l) => {
    if (l.kind !== "relation" || l.negated) return [];
    const kind = p.relations.get(l.relation)?.kind;
    return kind === "edb.static" || kind === "env" ? [l.relation] : [];
  });
  for (const relation of new Set(declarable)) {
    const { attributes } = p.relations.get(relation)!;
    for (const [from, a] of attributes.entries()) {
      for (const [position, b] of attributes.entries()) {
        if (from === position) continue;
        const term: KeyTerm = { function: relation, of: [from], result: position };
        const assumed: Dependencies = new Map([
          ...known,
          [relation, [...(known.get(relation) ?? []), { position, term }]],
        ]);
        const e = ruleCongruence(p, rule, assumed);
        const parts = keyedParts(p, rule, keys, e);
        const all = [...parts.body, ...(parts.head ? [parts.head] : [])];
        const find = (wanted: Keyed) => all.find((k) => samePlace(k.place, wanted.place))!;
        if (agree(e, find(one), find(other))) return { relation, from: a.name, to: b.name };
      }
    }
  }
  return undefined;
}

function samePlace(a: Place, b: Place): boolean {
  if (a.kind !== b.kind) return false;
  return a.kind !== "literal" || (b.kind === "literal" && a.index === b.index);
}
