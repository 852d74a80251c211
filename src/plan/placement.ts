import type { HostJson } from "./hostsFile.ts";
import type { PlannedNodeJson } from "./planFile.ts";

/**
 * Puts every node on a host, in the plan's order: on the one with the fewest nodes for its cores, where hosts are alike
 * on one that has no other replica of the same component, so that replicas do not crash together; then the first named.
 */
export function placeNodes(
  nodes: readonly PlannedNodeJson[],
  hosts: readonly HostJson[],
): readonly PlannedNodeJson[] {
  const placed = new Map<string, PlannedNodeJson[]>(hosts.map((host) => [host.name, []]));
  return nodes.map((node) => {
    const best = hosts.reduce((best, host) =>
      compare(cost(node, host, placed), cost(node, best, placed)) < 0 ? host : best,
    );
    const there = { ...node, host: best.name };
    placed.get(best.name)?.push(there);
    return there;
  });
}

/** Load first, then replicas of the same component that would share the host. */
function cost(
  node: PlannedNodeJson,
  host: HostJson,
  placed: ReadonlyMap<string, readonly PlannedNodeJson[]>,
): readonly [number, number] {
  const there = placed.get(host.name) ?? [];
  const replicas = there.filter(
    (n) => n.component === node.component && n.faultDomain !== node.faultDomain,
  );
  return [(there.length + 1) / (host.cpus ?? 1), replicas.length];
}

function compare(a: readonly [number, number], b: readonly [number, number]): number {
  return a[0] - b[0] || a[1] - b[1];
}

const THIS_MACHINE = ["localhost", "127.0.0.1", "::1"];

/** Where a planned node would run, in words; undefined when that is the machine of whoever runs the plan. */
export function elsewhere(
  node: PlannedNodeJson,
  hosts: readonly HostJson[] | undefined,
): string | undefined {
  if (node.host === "assign" || THIS_MACHINE.includes(node.host)) return undefined;
  const address = hosts?.find((host) => host.name === node.host)?.address;
  if (address === undefined) return `“${node.host}”`;
  return THIS_MACHINE.includes(address) ? undefined : `“${node.host}” (${address})`;
}
