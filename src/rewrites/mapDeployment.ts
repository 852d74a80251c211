import type { Deployment } from "../program/deployment.ts";
import type { ComponentName, RelationName } from "../program/program.ts";
import { address } from "../program/value.ts";
import type { Row, Value } from "../program/value.ts";

/** The original node of an address (composition rule 3: canonical ids survive all steps). */
export function originalOf(deployment: Deployment, at: string): string {
  return deployment.originals[at] ?? at;
}

/**
 * Every address that can travel as a destination: instances, the originals they stand for, the clients, and what else
 * EDB or the given rules and declarations name.
 */
export function knownAddresses(deployment: Deployment, text: unknown = []): readonly string[] {
  const { instances, originals, clients, edb, node } = deployment;
  return [
    ...new Set([
      ...Object.values(instances).flat(),
      ...Object.values(originals),
      clients.address,
      ...addressesIn([edb, node, clients.template, text], new Set()),
    ]),
  ];
}

/** The names of all address values somewhere in a plain value. */
function addressesIn(part: unknown, found: Set<string>): ReadonlySet<string> {
  if (typeof part !== "object" || part === null) return found;
  if ("kind" in part && part.kind === "address" && "name" in part) found.add(String(part.name));
  else for (const inner of Object.values(part)) addressesIn(inner, found);
  return found;
}

/**
 * Gives each instance of `from` a sibling that runs the new component `to`: `storage.1` gets `acker.1`, `leader` gets
 * `collector`. The sibling has a copy of the node's own EDB, trusts whom it trusted and keeps its original identity.
 */
export function addSiblings(
  deployment: Deployment,
  from: ComponentName,
  to: ComponentName,
): { readonly deployment: Deployment; readonly siblings: ReadonlyMap<string, string> } {
  const taken = new Set(knownAddresses(deployment));
  const siblings = new Map<string, string>();
  for (const at of deployment.instances[from] ?? []) {
    const sibling = freshAddress(`${to}${suffixOf(at)}`, taken);
    siblings.set(at, sibling);
  }
  const mapped: Deployment = {
    ...copyIdentity(deployment, siblings),
    instances: { ...deployment.instances, [to]: [...siblings.values()] },
    trusted: copyEntry(deployment.trusted, from, to),
    partitions: copyEntry(deployment.partitions, from, to),
  };
  return { deployment: mapped, siblings };
}

/**
 * Replaces each instance of a component by n partitions: `storage.2` by `storage.2/1` … `storage.2/n`. Each has a copy of
 * the node's own EDB and its original identity.
 */
export function splitInstances(
  deployment: Deployment,
  component: ComponentName,
  n: number,
): {
  readonly deployment: Deployment;
  readonly partitions: ReadonlyMap<string, readonly string[]>;
} {
  const taken = new Set(knownAddresses(deployment));
  const partitions = new Map<string, readonly string[]>();
  let mapped = deployment;
  for (const at of deployment.instances[component] ?? []) {
    const parts = Array.from({ length: n }, (_, i) => freshAddress(`${at}/${i + 1}`, taken));
    partitions.set(at, parts);
    for (const part of parts) mapped = copyIdentity(mapped, new Map([[at, part]]));
  }
  const gone = new Set(partitions.keys());
  const before = deployment.partitions[component] ?? 1;
  return {
    deployment: {
      ...mapped,
      instances: { ...deployment.instances, [component]: [...partitions.values()].flat() },
      node: Object.fromEntries(Object.entries(mapped.node).filter(([at]) => !gone.has(at))),
      originals: Object.fromEntries(
        Object.entries(mapped.originals).filter(([at]) => !gone.has(at)),
      ),
      partitions: { ...deployment.partitions, [component]: before * n },
    },
    partitions,
  };
}

export function setEdb(
  deployment: Deployment,
  relation: RelationName,
  rows: readonly Row[],
): Deployment {
  return { ...deployment, edb: { ...deployment.edb, [relation]: rows } };
}

/** Sets the rows that a `node` relation holds at each of the given addresses. */
export function setNodeRows(
  deployment: Deployment,
  relation: RelationName,
  rows: ReadonlyMap<string, readonly Row[]>,
): Deployment {
  const node = { ...deployment.node };
  for (const [at, own] of rows) node[at] = { ...node[at], [relation]: own };
  return { ...deployment, node };
}

export function addresses(...names: readonly string[]): Value[] {
  return names.map(address);
}

/** Node rows and original identity of each key, copied to its value. */
function copyIdentity(deployment: Deployment, copies: ReadonlyMap<string, string>): Deployment {
  const node = { ...deployment.node };
  const originals = { ...deployment.originals };
  for (const [at, copy] of copies) {
    const own = deployment.node[at];
    if (own !== undefined) node[copy] = own;
    originals[copy] = originalOf(deployment, at);
  }
  return { ...deployment, node, originals };
}

function copyEntry<T>(
  record: Readonly<Record<string, T>>,
  from: string,
  to: string,
): Readonly<Record<string, T>> {
  const entry = record[from];
  return entry === undefined ? record : { ...record, [to]: entry };
}

/** What tells instances of one component apart: `.2` of `storage.2`, `.2/1` of `storage.2/1`, nothing of `leader`. */
function suffixOf(at: string): string {
  return /[./].*$/s.exec(at)?.[0] ?? "";
}

function freshAddress(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted}-${n}`;
  taken.add(name);
  return name;
}
