import type { ComponentName, RelationLiteral, RelationName, Rule } from "../program/program.ts";
import type { Value } from "../program/value.ts";
import { equalValues } from "../program/value.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { isEdbKind, isRelationLiteral, kindOfRelation } from "./componentRules.ts";
import { dependencies } from "./dependencies.ts";
import type { KeyTerm } from "./keyTerm.ts";
import { ruleCongruence, termsFor } from "./ruleCongruence.ts";
import { tableRows } from "./siblingChannels.ts";

/** A rule that sends to the partition that owns a key: the literal that computes which, and the table of addresses. */
interface Routing {
  readonly partition: RelationLiteral;
  readonly table: RelationLiteral;
  /** Columns of the table. */
  readonly number: number;
  readonly address: number;
}

/** How deep functions may stand inside each other in the key of a channel. */
const MOST_DEPTH = 2;

function routings(p: AnalyzedProgram, rule: Rule): readonly Routing[] {
  const { timing } = rule.head;
  if (timing.kind !== "async" || timing.destination.kind !== "variable") return [];
  const to = timing.destination.name;
  const literals = rule.body.filter(isRelationLiteral).filter((l) => !l.negated);
  const at = (l: RelationLiteral, name: string): number =>
    l.terms.findIndex((t) => t.kind === "variable" && t.name === name);
  const owners = literals.filter((l) => l.relation === "partition" && l.terms.length === 3);
  return owners.flatMap((partition) => {
    const part = partition.terms[2]!;
    if (part.kind !== "variable") return [];
    return literals
      .filter((l) => isEdbKind(kindOfRelation(p, l.relation)))
      .flatMap((table): readonly Routing[] => {
        const number = at(table, part.name);
        const address = at(table, to);
        return number < 0 || address < 0 ? [] : [{ partition, table, number, address }];
      });
  });
}

function senders(p: AnalyzedProgram, relation: RelationName): readonly Rule[] {
  return [...p.rules.values()]
    .map(({ rule }) => rule)
    .filter((rule) => rule.head.relation === relation);
}

/** How many partitions the senders of a channel choose from, if they route it. */
export function routedPartitions(p: AnalyzedProgram, relation: RelationName): number | undefined {
  const counts = senders(p, relation)
    .flatMap((rule) => routings(p, rule))
    .map(({ partition }) => partition.terms[1]!);
  const [first] = counts;
  return first?.kind === "constant" && typeof first.value === "number" ? first.value : undefined;
}

/** Whether a rule sends to the partition that owns this key of what it sends, out of so many. */
export function routesBy(
  p: AnalyzedProgram,
  rule: Rule,
  key: readonly KeyTerm[],
  partitions: number,
): boolean {
  const e = ruleCongruence(p, rule, dependencies(p));
  const wanted = key.map((term) => e.key("head", term));
  return routings(p, rule).some(({ partition }) => {
    const [hashed, count] = [partition.terms[0]!, partition.terms[1]!];
    if (count.kind !== "constant" || count.value !== partitions) return false;
    const parts = hashed.kind === "tuple" && key.length > 1 ? hashed.terms : [hashed];
    return (
      parts.length === wanted.length &&
      parts.every((part, i) => {
        const [own, other] = [e.of(part), wanted[i]];
        return own !== undefined && other !== undefined && e.congruence.same(own, other);
      })
    );
  });
}

/** A rule for what a key has no owner of (S-22): it looks the key up in vain and sends to the first partition. */
export function routesTheRest(p: AnalyzedProgram, rule: Rule): boolean {
  const hasAbsence = rule.body.some(
    (l) =>
      isRelationLiteral(l) &&
      l.negated &&
      (isEdbKind(kindOfRelation(p, l.relation)) || kindOfRelation(p, l.relation) === "func"),
  );
  return hasAbsence && routings(p, rule).length === 0;
}

/** The key by which every sender of a channel routes it, over what is sent; undefined when there is no such key. */
export function routingKey(
  p: AnalyzedProgram,
  relation: RelationName,
): readonly KeyTerm[] | undefined {
  const rules = senders(p, relation).filter((rule) => !routesTheRest(p, rule));
  const partitions = routedPartitions(p, relation);
  const [first] = rules;
  const [routing] = first === undefined ? [] : routings(p, first);
  if (first === undefined || routing === undefined || partitions === undefined) return undefined;
  const e = ruleCongruence(p, first, dependencies(p));
  const hashed = routing.partition.terms[0]!;
  const parts = hashed.kind === "tuple" ? hashed.terms : [hashed];
  const key = parts.map((part) => {
    const own = e.of(part);
    if (own === undefined) return undefined;
    return termsFor(p, e, "head", first.head.terms.length, own, MOST_DEPTH).find(isOfFields);
  });
  if (key.some((term) => term === undefined)) return undefined;
  const found = key as readonly KeyTerm[];
  return rules.every((rule) => routesBy(p, rule, found, partitions)) ? found : undefined;
}

function isOfFields(term: KeyTerm): boolean {
  return typeof term === "number" || !("value" in term);
}

/**
 * The number of each instance of a component among the partitions that senders choose from, by their tables; undefined when
 * these do not say.
 */
export function partitionNumbers(
  p: AnalyzedProgram,
  component: ComponentName,
  channels: readonly RelationName[],
): ReadonlyMap<string, number> | undefined {
  const instances = p.deployment?.instances[component] ?? [];
  const tables = channels
    .flatMap((channel) => senders(p, channel))
    .flatMap((rule) => routings(p, rule));
  const found = new Map<string, number>();
  for (const at of instances) {
    const numbers = tables.flatMap((routing) => numbersOf(p, routing, at));
    const [first, ...others] = numbers;
    if (first === undefined || others.some((n) => n !== first)) return undefined;
    found.set(at, first);
  }
  return found;
}

/** The numbers under which a table lists an address; rows in which the address stands for itself say nothing. */
function numbersOf(p: AnalyzedProgram, routing: Routing, at: string): readonly number[] {
  const { table, number, address } = routing;
  const nodes = Object.values(p.deployment?.instances ?? {}).flat();
  const rows = nodes.flatMap((node) => tableRows(p, table.relation, node));
  const isAt = (value: Value): boolean => equalValues(value, { kind: "address", name: at });
  return rows
    .filter((row) => isAt(row[address]!))
    .filter((row) => row.every((value, i) => i === address || !isAt(value)))
    .flatMap((row) => (typeof row[number] === "number" ? [row[number]] : []));
}
