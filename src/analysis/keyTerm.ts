import { BUILTIN_FUNCTIONS, functionSignature } from "../program/functions.ts";
import type { Declaration, RelationName } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { NON_DETERMINISTIC } from "./componentRules.ts";

/** What a fact may be split by: an attribute by its position, a constant, or a function of such. */
export type KeyTerm = number | KeyConstant | KeyApplication;

export interface KeyConstant {
  readonly value: number | string;
}

/** A function, or a static table with a declared dependency. `result` is needed where there are several: its position. */
export interface KeyApplication {
  readonly function: RelationName;
  readonly of: readonly KeyTerm[];
  readonly result?: number;
}

/** For each partitioned relation the terms of its key. */
export type KeyTerms = Readonly<Record<RelationName, readonly KeyTerm[]>>;

/** How an application is computed: the terms of its literal, by position. */
export interface Computation {
  readonly relation: RelationName;
  readonly arity: number;
  readonly from: readonly number[];
  readonly to: number;
  /** Every argument has a result. */
  readonly total: boolean;
}

/** The attributes that a key term uses. */
export function keyPositions(term: KeyTerm): readonly number[] {
  if (typeof term === "number") return [term];
  return "value" in term ? [] : term.of.flatMap(keyPositions);
}

/** How many functions stand inside each other. */
export function keyDepth(term: KeyTerm): number {
  if (typeof term === "number" || "value" in term) return 0;
  return 1 + Math.max(0, ...term.of.map(keyDepth));
}

/** The key as people write it, with attribute names: `hash(val, 16)`. */
export function shownKeyTerm(p: AnalyzedProgram, relation: RelationName, term: KeyTerm): string {
  if (typeof term === "number") {
    return p.relations.get(relation)?.attributes[term]?.name ?? `#${term}`;
  }
  if ("value" in term) return JSON.stringify(term.value);
  return `${term.function}(${term.of.map((t) => shownKeyTerm(p, relation, t)).join(", ")})`;
}

export function shownKey(
  p: AnalyzedProgram,
  relation: RelationName,
  key: readonly KeyTerm[],
): string {
  return key.map((term) => shownKeyTerm(p, relation, term)).join(", ");
}

/** One symbol a function: name, number of arguments, which result. Two functions of one name are different (S-5). */
export function functionSymbol(name: RelationName, inputs: number, result: number): string {
  return `${name}/${inputs}/${result}`;
}

/** The symbol an application stands for: the same as that of the literals that compute it. */
export function symbolOf(p: AnalyzedProgram, term: KeyApplication): string {
  const computed = computation(p, term);
  return functionSymbol(term.function, term.of.length, computed?.to ?? term.result ?? -1);
}

/** The same function at every node and tick: not keyed by the node, not by chance (S-21). */
export function isFixedFunction(p: AnalyzedProgram, name: RelationName, terms: number): boolean {
  if (p.relations.get(name)?.kind === "builtin" || NON_DETERMINISTIC.has(name)) return false;
  return functionSignature(p.program, name, terms)?.keyed === false;
}

/** Functions of any kind of argument that always have a result. */
const TOTAL: ReadonlySet<RelationName> = new Set(["hash", "partition"]);

/** How a sender computes an application; undefined when it cannot. */
export function computation(p: AnalyzedProgram, term: KeyApplication): Computation | undefined {
  const inputs = term.of.length;
  const arities = [...BUILTIN_FUNCTIONS.map((f) => f.outputs.length), 1, 2, 3, 4];
  for (const outputs of new Set(arities)) {
    const signature = functionSignature(p.program, term.function, inputs + outputs);
    if (signature?.inputs.length !== inputs || signature.outputs.length === 0) continue;
    if (!isFixedFunction(p, term.function, inputs + outputs)) return undefined;
    const to = term.result ?? inputs;
    if (to < inputs || to >= inputs + outputs) return undefined;
    const from = Array.from({ length: inputs }, (_, i) => i);
    const isBuiltin = BUILTIN_FUNCTIONS.includes(signature);
    const total = isBuiltin && TOTAL.has(term.function);
    return { relation: term.function, arity: inputs + outputs, from, to, total };
  }
  return tableComputation(p, term);
}

function tableComputation(p: AnalyzedProgram, term: KeyApplication): Computation | undefined {
  const info = p.relations.get(term.function);
  if (info?.kind !== "edb.static") return undefined;
  const found = declaredDependencies(p, term.function).find(
    ({ from, to }) =>
      from.length === term.of.length && (term.result === undefined || term.result === to),
  );
  return found && { relation: term.function, arity: info.arity, ...found, total: false };
}

/** `fd r: a, b -> [f] c` by positions. */
export interface DeclaredDependency {
  readonly from: readonly number[];
  readonly to: number;
  readonly function?: RelationName;
}

export function declaredDependencies(
  p: AnalyzedProgram,
  relation: RelationName,
): readonly DeclaredDependency[] {
  const names = p.relations.get(relation)?.attributes.map((a) => a.name) ?? [];
  const scopes = [p.program, ...p.program.components];
  return scopes
    .flatMap((scope): readonly Declaration[] => scope.declarations)
    .flatMap((d): readonly DeclaredDependency[] => {
      if (d.kind !== "dependency" || d.relation !== relation) return [];
      const from = d.from.map((name) => names.indexOf(name));
      const to = names.indexOf(d.to);
      if (to < 0 || from.includes(-1)) return [];
      return [{ from, to, ...(d.function === undefined ? {} : { function: d.function }) }];
    });
}
