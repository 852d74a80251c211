import { applyNodeChanges } from "@xyflow/react";
import type { NodeChange } from "@xyflow/react";
import { useCallback, useState } from "react";
import type { Point } from "../../workers/layoutApi.ts";
import type { GraphFlowNode } from "./flowElements.ts";

/** React Flow's nodes with what it changes itself: places while dragging, measured sizes. */
export function useDraggable(
  computed: readonly GraphFlowNode[] | undefined,
  pin: (id: string, at: Point) => void,
): {
  readonly nodes: GraphFlowNode[];
  onNodesChange(changes: NodeChange<GraphFlowNode>[]): void;
  onNodeDragStop(event: unknown, node: GraphFlowNode): void;
} {
  const [state, setState] = useState<{
    readonly computed: readonly GraphFlowNode[] | undefined;
    readonly nodes: GraphFlowNode[];
  }>({ computed: undefined, nodes: [] });
  if (state.computed !== computed && computed !== undefined) {
    const old = new Map(state.nodes.map((node) => [node.id, node]));
    const nodes = computed.map((node) => withMeasured(node, old.get(node.id)));
    setState({ computed, nodes });
  }
  const onNodesChange = useCallback(
    (changes: NodeChange<GraphFlowNode>[]) =>
      setState((before) => ({ ...before, nodes: applyNodeChanges(changes, before.nodes) })),
    [],
  );
  const onNodeDragStop = useCallback(
    (_event: unknown, node: GraphFlowNode) => pin(node.id, node.position),
    [pin],
  );
  return { nodes: state.nodes, onNodesChange, onNodeDragStop };
}

/** An unchanged node keeps its identity, so that its view is not drawn again. */
function withMeasured(node: GraphFlowNode, old: GraphFlowNode | undefined): GraphFlowNode {
  if (old?.measured === undefined) return node;
  return { ...node, measured: { width: node.width ?? 0, height: node.height ?? 0 } };
}
