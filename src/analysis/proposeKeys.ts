import type { ComponentName, HeadTerm, RelationName, Rule } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { cohashViolations, partitionedRelations } from "./cohash.ts";
import { componentRules, headRules, idbLiterals } from "./componentRules.ts";
import type { KeyAssignment } from "./keyAgreement.ts";
import { termEquality } from "./termEquality.ts";

/** More choices than this within one class of positions are not tried. */
const MOST_CHOICES = 32;
/** How many keys are proposed at most. */
const MOST_PROPOSALS = 8;

/** How many are looked at, and proposed, when none is sound. */
const NEAREST = 3;

/** For one class of positions that share terms, where it meets each relation. */
type PositionClass = ReadonlyMap<RelationName, readonly number[]>;

/**
 * Keys for a component (auto κ of rewrites.md section 4), the most natural first: without violations, of one attribute,
 * named most alike. Where no key is free of violations the nearest ones are returned, so that a refusal can say why;
 * inputs from clients, which no key can mend, do not count.
 */
export function proposeKeys(
  p: AnalyzedProgram,
  component: ComponentName,
): readonly KeyAssignment[] {
  const relations = partitionedRelations(p, component);
  const classes = positionClasses(p, component, relations);
  const complete = classes.filter((c) => c.size === relations.length);
  // Only a class that meets every relation can be a key; without one the nearest classes explain why there is none.
  const tried = complete.length > 0 ? complete : classes.slice(0, NEAREST);
  const single = tried.flatMap((c) => assignments(p, component, relations, c));
  const ranked = rank(p, component, single);
  const sound = ranked.filter(({ violations }) => violations === 0).map(({ keys }) => keys);
  if (sound.length === 0) return ranked.slice(0, NEAREST).map(({ keys }) => keys);
  return [...sound, ...pairs(p, component, sound)].slice(0, MOST_PROPOSALS);
}

interface Ranked {
  readonly keys: KeyAssignment;
  readonly violations: number;
}

function rank(
  p: AnalyzedProgram,
  component: ComponentName,
  candidates: readonly KeyAssignment[],
): readonly Ranked[] {
  const seen = new Set<string>();
  return candidates
    .filter((keys) => {
      const text = JSON.stringify(keys);
      if (seen.has(text)) return false;
      seen.add(text);
      return true;
    })
    .map((keys) => ({
      keys,
      violations: keyViolations(p, component, keys),
      likeness: likeness(p, keys),
    }))
    .sort((a, b) => a.violations - b.violations || b.likeness - a.likeness);
}

function keyViolations(p: AnalyzedProgram, component: ComponentName, keys: KeyAssignment): number {
  return cohashViolations(p, component, keys).filter(({ code }) => code !== "client-input").length;
}

/** How many relations call their key by the commonest name. */
function likeness(p: AnalyzedProgram, keys: KeyAssignment): number {
  const counts = new Map<string, number>();
  for (const [relation, key] of Object.entries(keys)) {
    const name = key.map((i) => p.relations.get(relation)!.attributes[i]!.name).join();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}

/** Union-find over (relation, position): positions that hold equal terms in some rule belong together. */
function positionClasses(
  p: AnalyzedProgram,
  component: ComponentName,
  relations: readonly RelationName[],
): readonly PositionClass[] {
  const parent = new Map<string, string>();
  const find = (key: string): string => {
    let root = key;
    for (let up = parent.get(root); up !== undefined; up = parent.get(root)) root = up;
    if (root !== key) parent.set(key, root);
    return root;
  };
  for (const rule of componentRules(p, component).rules) {
    for (const [a, b] of equalPositions(p, rule)) {
      const [x, y] = [find(a), find(b)];
      if (x !== y) parent.set(y, x);
    }
  }
  const classes = new Map<string, Map<RelationName, number[]>>();
  for (const relation of relations) {
    for (let i = 0; i < p.relations.get(relation)!.arity; i++) {
      const root = find(positionKey(relation, i));
      const members = classes.get(root) ?? new Map<RelationName, number[]>();
      classes.set(root, members.set(relation, [...(members.get(relation) ?? []), i]));
    }
  }
  return [...classes.values()].sort((a, b) => b.size - a.size);
}

function positionKey(relation: RelationName, position: number): string {
  return `${relation}/${position}`;
}

function equalPositions(p: AnalyzedProgram, rule: Rule): readonly (readonly [string, string])[] {
  const uses = idbLiterals(p, rule).map(({ literal }) => literal);
  const head = rule.head.timing.kind === "async" ? [] : [rule.head];
  const terms = [...head, ...uses].flatMap(({ relation, terms: list }) =>
    (list as readonly HeadTerm[]).map((term, i) => ({ term, key: positionKey(relation, i) })),
  );
  const equal = termEquality(rule);
  const pairs: [string, string][] = [];
  const representatives: (typeof terms)[number][] = [];
  for (const one of terms) {
    const same = representatives.find(({ term }) => equal(term, one.term));
    if (same === undefined) representatives.push(one);
    else pairs.push([same.key, one.key]);
  }
  return pairs;
}

/** One position for each relation: in the class where it has one, else the one that is named or placed most alike. */
function assignments(
  p: AnalyzedProgram,
  component: ComponentName,
  relations: readonly RelationName[],
  positions: PositionClass,
): readonly KeyAssignment[] {
  const names = new Set(
    [...positions].flatMap(([relation, list]) =>
      list.map((i) => p.relations.get(relation)!.attributes[i]!.name),
    ),
  );
  const only: Record<RelationName, readonly number[]> = {};
  let choices: readonly KeyAssignment[] = [{}];
  for (const relation of relations) {
    const options = positions.get(relation) ?? [fallback(p, component, relation, names)];
    if (options.length > 1) {
      const extended = choices.flatMap((keys) =>
        options.map((i) => ({ ...keys, [relation]: [i] })),
      );
      choices = extended.slice(0, MOST_CHOICES);
    } else if (options[0]! >= 0) only[relation] = [options[0]!];
  }
  return choices.map((chosen) => inOrder(relations, { ...only, ...chosen }));
}

function inOrder(relations: readonly RelationName[], keys: KeyAssignment): KeyAssignment {
  return Object.fromEntries(
    relations.flatMap((relation) => {
      const key = keys[relation];
      return key === undefined ? [] : [[relation, key] as const];
    }),
  );
}

/** A position named like the others, else one that no rule fills with an aggregate; -1 when there is no attribute. */
function fallback(
  p: AnalyzedProgram,
  component: ComponentName,
  relation: RelationName,
  names: ReadonlySet<string>,
): number {
  const { attributes } = p.relations.get(relation)!;
  const named = attributes.findIndex(({ name }) => names.has(name));
  if (named >= 0) return named;
  const { all } = headRules(p, component, relation);
  const plain = attributes.findIndex((_, i) =>
    all.every(({ head }) => head.terms[i]?.kind !== "aggregate"),
  );
  return plain >= 0 ? plain : attributes.length - 1;
}

/** Keys of two attributes, made of two sound ones; sound again, because each part agrees by itself. */
function pairs(
  p: AnalyzedProgram,
  component: ComponentName,
  sound: readonly KeyAssignment[],
): readonly KeyAssignment[] {
  return sound.flatMap((first, i) =>
    sound.slice(i + 1).flatMap((second) => {
      const isNew = Object.entries(first).every(
        ([relation, key]) => second[relation]![0] !== key[0],
      );
      if (!isNew) return [];
      const both = Object.fromEntries(
        Object.entries(first).map(([relation, key]) => [relation, [...key, ...second[relation]!]]),
      );
      return keyViolations(p, component, both) === 0 ? [both] : [];
    }),
  );
}
