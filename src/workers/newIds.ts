import type { GraphEdge, GraphModel } from "../analysis/graphModel.ts";

/** What a preview adds: ids of groups, nodes and lines that the program as it is does not have. */
export function newIds(graph: GraphModel, before: GraphModel): ReadonlySet<string> {
  const known = new Set([...before.groups, ...before.nodes].map(({ id }) => id));
  const added = [...graph.groups, ...graph.nodes].filter(({ id }) => !known.has(id));
  return new Set([...added, ...newLines(graph.edges, before.edges)].map(({ id }) => id));
}

/**
 * A line is the same when it runs between the same ends and is of the same kind. Its id does not say so: that of a literal
 * counts its place in the rule, that of a message to a closed component leaves out which component it is.
 */
function newLines(edges: readonly GraphEdge[], before: readonly GraphEdge[]): readonly GraphEdge[] {
  const left = new Map(before.map((edge) => [lineKey(edge), edge]));
  const strange = edges.filter((edge) => !left.delete(lineKey(edge)));
  const unmatched = [...left.values()];
  return strange.filter((edge) => {
    const at = unmatched.findIndex((old) => isSameLine(edge, old));
    if (at < 0) return true;
    // One line for all messages between two boxes stands for any number of them.
    if (!isMerged(edge) && !isMerged(unmatched[at]!)) unmatched.splice(at, 1);
    return false;
  });
}

function lineKey({ id, kind, from, to }: GraphEdge): string {
  return `${kind} ${from} > ${to}: ${id}`;
}

function isSameLine(a: GraphEdge, b: GraphEdge): boolean {
  if (a.kind !== b.kind || a.from !== b.from || a.to !== b.to) return false;
  if (isMerged(a) || isMerged(b)) return true;
  // Between closed components each relation has a line: another relation is another line.
  return !namesChannel(a) && !namesChannel(b);
}

function isMerged({ id, from, to }: GraphEdge): boolean {
  return id === `${from}>${to}`;
}

function namesChannel({ id, from }: GraphEdge): boolean {
  return id.startsWith(`${from}>`);
}
