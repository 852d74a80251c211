import type { GraphModel } from "../../analysis/graphModel.ts";
import type { RuleId } from "../../program/program.ts";
import { isCollapsed } from "../../workers/layoutRequest.ts";
import { rulesOf } from "./flowElements.ts";

/** What the keyboard can go to: nodes, and the boxes that stand for what is in them. */
export function graphStops(graph: GraphModel): readonly string[] {
  return [...closedBoxes(graph), ...graph.nodes.map(({ id }) => id)];
}

/** Closed components, and machines. */
export function closedBoxes(graph: GraphModel): readonly string[] {
  const inside = new Set(graph.nodes.map((node) => node.group));
  return graph.groups.flatMap((group) =>
    group.machines !== undefined || isCollapsed(group, inside) ? [group.id] : [],
  );
}

/** Where lines lead from a stop and back. A line to a tag of a machine leads to the machine. */
export function linkedStops(graph: GraphModel, from: string): readonly string[] {
  const machines = new Set(graph.groups.filter((group) => group.machines).map(({ id }) => id));
  const boxOf = new Map(
    graph.nodes.flatMap(({ id, group }) => (machines.has(group) ? [[id, group] as const] : [])),
  );
  return graph.edges.flatMap((edge) => {
    if (edge.from === from) return [boxOf.get(edge.to) ?? edge.to];
    if (edge.to === from || boxOf.get(edge.to) === from) return [edge.from];
    return [];
  });
}

/** A box of the same component, for a stop that a preview has drawn otherwise: its machines would be others. */
export function heirOf(stop: string, before: GraphModel, after: GraphModel): string | undefined {
  const group = before.nodes.find(({ id }) => id === stop)?.group ?? stop;
  const component = before.groups.find(({ id }) => id === group)?.machines?.component;
  const boxes = new Set(closedBoxes(after));
  return after.groups.find(
    ({ id, machines }) =>
      boxes.has(id) && machines !== undefined && machines.component === component,
  )?.id;
}

/** The machine that a stop is, or is a tag of, with all its tags. */
export function sameMachine(
  graph: GraphModel,
  stop: string,
): { readonly box: string | undefined; readonly tags: readonly string[] } {
  const box = graph.nodes.find(({ id }) => id === stop)?.group ?? stop;
  const isMachine = graph.groups.some(({ id, machines }) => id === box && machines !== undefined);
  if (!isMachine) return { box: undefined, tags: [] };
  return { box, tags: graph.nodes.flatMap(({ id, group }) => (group === box ? [id] : [])) };
}

/** The rules of each component, whether or not they are drawn. */
export function rulesByGroup(graph: GraphModel): ReadonlyMap<string, readonly RuleId[]> {
  const rules = new Map<string, RuleId[]>(
    graph.groups.map(({ id, machines }) => [id, [...(machines?.rules ?? [])]]),
  );
  for (const node of graph.nodes) rules.get(node.group)?.push(...rulesOf(node));
  return rules;
}
