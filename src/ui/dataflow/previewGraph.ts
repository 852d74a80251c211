import type { GraphGroup, GraphModel, GraphNode } from "../../analysis/graphModel.ts";

/**
 * A preview in the terms of the program as it is: what stays keeps the number, words and rule it has in the text, which
 * still shows that program; what is new has no number yet.
 */
export function previewGraph(preview: GraphModel, before: GraphModel): GraphModel {
  const known = new Map(before.nodes.map((node) => [node.id, node]));
  const groups = new Map(before.groups.map((group) => [group.id, group]));
  return {
    ...preview,
    groups: preview.groups.map((group) =>
      isRenamed(group, groups.get(group.id))
        ? {
            ...group,
            words: `preview: ${group.words || "1 node"}`,
            label: `${group.label}, preview`,
          }
        : group,
    ),
    nodes: preview.nodes.map((node) => inTermsOf(node, known.get(node.id))),
  };
}

/** A component that is there already, but would run at other nodes or in other partitions. */
export function isRenamed(group: GraphGroup, before: GraphGroup | undefined): boolean {
  return before !== undefined && before.words !== group.words;
}

function inTermsOf(node: GraphNode, before: GraphNode | undefined): GraphNode {
  if (before === undefined) return { ...node, label: newLabel(node) };
  if (node.kind === "rule" && before.kind === "rule") {
    return { ...node, rule: before.rule, number: before.number, label: before.label };
  }
  if (node.kind === "relation" && before.kind === "relation") {
    return { ...node, keptBy: before.keptBy, label: before.label };
  }
  return { ...node, label: before.label };
}

/** Rules are numbered anew once the rewrite is applied, so its numbers are left out. */
function newLabel(node: GraphNode): string {
  if (node.kind === "rule") return node.label.replace(/^Rule \d+/u, "New rule");
  return `New: ${node.label.split(", ").slice(0, 2).join(", ")}`;
}
