import type { GraphEdge, GraphModel } from "../../analysis/graphModel.ts";
import type { Place } from "../../program/evidence.ts";
import type { RuleId } from "../../program/program.ts";

export interface Mark {
  readonly letter: string;
  readonly place: Place;
}

/** Letters of culprits, by id of what they are painted on. */
export interface MarkedElements {
  readonly nodes: ReadonlyMap<string, string>;
  readonly edges: ReadonlyMap<string, string>;
}

/** Where culprits show in a graph. What is not drawn falls back to what is: a literal to its rule, a keeper to its relation. */
export function markedElements(graph: GraphModel, marks: readonly Mark[]): MarkedElements {
  const nodes = new Map<string, string>();
  const edges = new Map<string, string>();
  const add = (to: Map<string, string>, id: string, letter: string): void => {
    const letters = to.get(id) ?? "";
    if (!letters.includes(letter) || letter === "") to.set(id, letters + letter);
  };
  const addRule = (rule: RuleId, letter: string): void => {
    for (const id of nodesOfRule(graph, rule)) add(nodes, id, letter);
  };
  const addEdges = (found: readonly GraphEdge[], rule: RuleId, letter: string): void => {
    if (found.length === 0) addRule(rule, letter);
    for (const edge of found) add(edges, edge.id, letter);
  };
  for (const { letter, place } of marks) {
    switch (place.kind) {
      case "rule":
        addRule(place.rule, letter);
        break;
      case "head":
        addEdges(headEdges(graph, place.rule), place.rule, letter);
        break;
      case "literal": {
        const found = literalEdges(graph, place.rule).filter((e) => indexOf(e) === place.index);
        addEdges(found, place.rule, letter);
        for (const edge of found) add(nodes, edge.from, "");
        break;
      }
      case "relation":
        for (const node of graph.nodes) {
          if ("relation" in node && node.relation === place.relation) add(nodes, node.id, letter);
        }
        break;
      case "path":
        for (const rule of place.rules) addRule(rule, letter);
        for (const edge of pathEdges(graph, place.rules)) add(edges, edge.id, letter);
    }
  }
  return { nodes, edges };
}

/** A rule's own node, or the relation it keeps. */
export function nodesOfRule(graph: GraphModel, rule: RuleId): readonly string[] {
  return graph.nodes.flatMap((node) => {
    if (node.kind === "rule") return node.rule === rule ? [node.id] : [];
    if (node.kind !== "relation") return [];
    return node.keptBy.some((keeper) => keeper.rule === rule) ? [node.id] : [];
  });
}

function headEdges(graph: GraphModel, rule: RuleId): readonly GraphEdge[] {
  return graph.edges.filter(({ source }) => source?.kind === "head" && source.rule === rule);
}

function literalEdges(graph: GraphModel, rule: RuleId): readonly GraphEdge[] {
  return graph.edges.filter(({ source }) => source?.kind === "literal" && source.rule === rule);
}

function indexOf({ source }: GraphEdge): number | undefined {
  return source?.kind === "literal" ? source.index : undefined;
}

/** From each rule of the path to the next, through the relation between them. */
function pathEdges(graph: GraphModel, rules: readonly RuleId[]): readonly GraphEdge[] {
  return rules.slice(1).flatMap((rule, i) => {
    const written = headEdges(graph, rules[i]!);
    const read = literalEdges(graph, rule);
    return [
      ...written.filter((edge) => read.some(({ from }) => from === edge.to)),
      ...read.filter((edge) => written.some(({ to }) => to === edge.from)),
    ];
  });
}
