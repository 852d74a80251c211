import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { OwnerKey } from "../analysis/dependentKeys.ts";
import type { KeyTerm } from "../analysis/keyTerm.ts";
import type { ComponentName, RelationName, RuleId } from "../program/program.ts";
import type { Row } from "../program/value.ts";
import { canonicalSelf } from "./canonicalSelf.ts";
import type { Draft, DraftRule } from "./draft.ts";
import { changed, declare, flatMapRules, formerId, mapComponent } from "./draft.ts";
import { freshVariable, relationNamer } from "./freshNames.ts";
import { addresses, knownAddresses, setEdb, setNodeRows, splitInstances } from "./mapDeployment.ts";
import { ownedRules } from "./ownedRules.ts";
import {
  destinationOf,
  isSentToSelf,
  mapDeployed,
  sendToSibling,
  withDestination,
} from "./redirect.ts";
import { literal, reads, variable } from "./terms.ts";

/** How a component is to be partitioned. */
export interface Partitioning {
  readonly component: ComponentName;
  readonly partitions: number;
  /** Attributes shown after `by`. */
  readonly by: readonly string[];
  /** For each input of the component, its key, in an order that agrees between relations. */
  readonly inputKeys: ReadonlyMap<RelationName, readonly KeyTerm[]>;
  /** Rules that the partition which owns the key alone may fire, with the key and the terms it is of (P4). */
  readonly owners: ReadonlyMap<RuleId, OwnerKey>;
  /** Rules that one partition alone may fire (P4). */
  readonly once: ReadonlySet<RuleId>;
}

export interface PartitionTables {
  /** `route_storage(named, partition, actual)`, the same everywhere. */
  readonly route: RelationName;
  /** `my_storage(partition, actual)` at each partition: the partitions of its own original. */
  readonly family: RelationName;
  /** `part_storage(partition)` at each partition: its own number. */
  readonly number: RelationName;
  /** `first_storage()` holds at partition 0 of each original. */
  readonly first: RelationName;
}

/**
 * Partitioning's mechanism (rewrites.md section 4): n copies of the component for each node, and every sender sends to the
 * partition that owns the key. The original destination counts too, not the key alone (H-34):
 *
 *     toStorage(val, sig)@async(n)  :- …, storageNodes(n)
 *     toStorage(val, sig)@async(n2) :- …, storageNodes(n), partition(val, 3, p), route_storage(n, p, n2)
 *
 * `route_storage` is EDB, the same everywhere, and total: an address that is no instance of the component stands for
 * itself. A rule that would fire at every partition is guarded, so that the owner of the key fires it alone (S-08, S-16).
 */
export function partitionComponent(
  p: AnalyzedProgram,
  draft: Draft,
  how: Partitioning,
  tables: PartitionTables = partitionTables(draft, how.component),
): Draft {
  const own = mapComponent(draft, how.component, (c) => ({
    ...c,
    by: how.by,
    rules: c.rules.flatMap((rule) => guard(canonicalSelf(rule), how, tables, p)),
  }));
  const routed = flatMapRules(own, (rule, component) => route(rule, component, how, tables, p));
  return deploy(routed, how, tables);
}

/** Names that nothing else has for the tables of a component's partitions. */
export function partitionTables(draft: Draft, component: ComponentName): PartitionTables {
  const fresh = relationNamer(draft);
  return {
    route: fresh(`route_${component}`),
    family: fresh(`my_${component}`),
    number: fresh(`part_${component}`),
    first: fresh(`first_${component}`),
  };
}

function route(
  rule: DraftRule,
  sender: ComponentName,
  how: Partitioning,
  tables: PartitionTables,
  p: AnalyzedProgram,
): readonly DraftRule[] {
  const key = how.inputKeys.get(rule.head.relation);
  if (key === undefined || rule.head.timing.kind !== "async") return [rule];
  const because = `${how.component} is partitioned, so the partition that owns the key is addressed.`;
  return ownedRules(p, rule, { key, terms: rule.head.terms }, how.partitions, because).map(
    ({ rule: owned, part }) => {
      if (sender === how.component && isSentToSelf(rule)) {
        return sendToSibling(owned, tables.family, because, [part]);
      }
      const named = destinationOf(owned);
      const to = variable(freshVariable(owned, named.kind === "variable" ? named.name : "d"));
      const sent = withDestination(owned, to);
      const body = [...sent.body, literal(tables.route, [named, part, to])];
      return changed(sent, { body }, because);
    },
  );
}

function guard(
  rule: DraftRule,
  how: Partitioning,
  tables: PartitionTables,
  p: AnalyzedProgram,
): readonly DraftRule[] {
  const id = formerId(rule) ?? "";
  const owner = how.owners.get(id);
  if (owner !== undefined) {
    const because = "Only the partition that owns the key may say this.";
    return ownedRules(p, rule, owner, how.partitions, because).map(({ rule: owned, part }) =>
      changed(owned, { body: [...owned.body, literal(tables.number, [part])] }, because),
    );
  }
  if (!how.once.has(id)) return [rule];
  const body = [...rule.body, literal(tables.first, [])];
  return [changed(rule, { body }, "Only one partition sends it, as only one node did.")];
}

function deploy(draft: Draft, how: Partitioning, tables: PartitionTables): Draft {
  const isRead = (relation: RelationName) =>
    draft.components.some((c) => c.rules.some((rule) => reads(rule, relation)));
  const declared = declareTables(draft, tables, isRead);
  return mapDeployed(declared, (deployment) => {
    const split = splitInstances(deployment, how.component, how.partitions);
    const numbers = Array.from({ length: how.partitions }, (_, i) => i);
    const families = [...split.partitions.values()];
    const atEach = (rows: (family: readonly string[], i: number) => readonly Row[]) =>
      new Map(families.flatMap((family) => family.map((at, i) => [at, rows(family, i)] as const)));
    let mapped = split.deployment;
    if (isRead(tables.route)) {
      const known = new Set([
        ...knownAddresses(deployment, [draft.declarations, draft.components]),
        ...families.flat(),
      ]);
      const rows = [...known].flatMap((at) =>
        numbers.map((i): Row => {
          const [named, actual] = addresses(at, split.partitions.get(at)?.[i] ?? at);
          return [named!, i, actual!];
        }),
      );
      mapped = setEdb(mapped, tables.route, rows);
    }
    if (isRead(tables.family)) {
      const rows = (family: readonly string[]) => family.map((at, i): Row => [i, ...addresses(at)]);
      mapped = setNodeRows(mapped, tables.family, atEach(rows));
    }
    if (isRead(tables.number)) {
      mapped = setNodeRows(
        mapped,
        tables.number,
        atEach((_, i) => [[i]]),
      );
    }
    if (isRead(tables.first)) {
      mapped = setNodeRows(
        mapped,
        tables.first,
        atEach((_, i) => (i === 0 ? [[]] : [])),
      );
    }
    return mapped;
  });
}

function declareTables(
  draft: Draft,
  tables: PartitionTables,
  isRead: (relation: RelationName) => boolean,
): Draft {
  const named = { name: "named", type: "address" } as const;
  const number = { name: "partition", type: "int" } as const;
  const actual = { name: "actual", type: "address" } as const;
  const declarations = [
    { role: "edb", relation: tables.route, attributes: [named, number, actual] },
    { role: "node", relation: tables.family, attributes: [number, actual] },
    { role: "node", relation: tables.number, attributes: [number] },
    { role: "node", relation: tables.first, attributes: [] },
  ] as const;
  return declarations
    .filter(({ relation }) => isRead(relation))
    .reduce((d, declaration) => declare(d, { kind: "relation", ...declaration }), draft);
}
