import type { GraphGroup, GraphModel, GraphNode } from "../../analysis/graphModel.ts";
import type { RuleId } from "../../program/program.ts";
import { isSelected } from "./flowElements.ts";
import type { Selection } from "./flowElements.ts";
import { markedElements } from "./markedElements.ts";
import type { Mark } from "./markedElements.ts";

/** One line of the outline: a component, or something in it. */
export interface OutlineRow {
  readonly id: string;
  readonly level: 1 | 2;
  readonly group: string;
  readonly kind: GraphNode["kind"] | "keeper";
  readonly label: string;
  /** The label without what the row's mark and place already say. */
  readonly text: string;
  readonly mark: string;
  readonly selected: boolean;
  /** What a click selects. */
  readonly rules: readonly RuleId[];
  readonly relation?: string;
  readonly letters?: string;
}

export interface OutlineOptions {
  readonly selection: Selection;
  readonly marks: readonly Mark[];
  readonly verdicts: ReadonlyMap<RuleId, string> | undefined;
  readonly closed: ReadonlySet<string>;
}

/** The visible rows, in the graph's order: components, in each the rules by number, then its relations. */
export function outlineRows(graph: GraphModel, options: OutlineOptions): readonly OutlineRow[] {
  const marked = markedElements(graph, options.marks);
  return graph.groups.flatMap((group) => {
    const rows = graph.nodes
      .filter((node) => node.group === group.id)
      .flatMap((node) => nodeRows(node, group, options, marked.nodes.get(node.id)));
    const rules = rows.filter(({ kind }) => kind === "rule" || kind === "keeper");
    const others = rows.filter((row) => !rules.includes(row));
    const sorted = rules.toSorted((a, b) => Number(a.mark) - Number(b.mark));
    const header = groupRow(group, sorted);
    return options.closed.has(group.id) ? [header] : [header, ...sorted, ...others];
  });
}

function groupRow(group: GraphGroup, rules: readonly OutlineRow[]): OutlineRow {
  return {
    id: group.id,
    level: 1,
    group: group.id,
    kind: "broken",
    label: group.label,
    text: group.name,
    mark: "",
    selected: rules.length > 0 && rules.every((row) => row.selected),
    rules: rules.flatMap((row) => row.rules),
  };
}

function nodeRows(
  node: GraphNode,
  group: GraphGroup,
  { selection, verdicts }: OutlineOptions,
  letters: string | undefined,
): readonly OutlineRow[] {
  const row = {
    level: 2,
    group: group.id,
    ...(letters === undefined ? {} : { letters }),
  } as const;
  if (node.kind === "rule") {
    const verdict = verdicts?.get(node.rule);
    const label = verdict === undefined ? node.label : `${node.label}; ${verdict}`;
    return [
      {
        ...row,
        id: node.id,
        kind: "rule",
        label,
        text: withoutPlace(label),
        mark: `${node.number}`,
        selected: isSelected(node, selection),
        rules: [node.rule],
      },
    ];
  }
  const own: OutlineRow = {
    ...row,
    id: node.id,
    kind: node.kind,
    label: node.label,
    text: "relation" in node ? relationText(node.label) : node.label,
    mark: "",
    selected: isSelected(node, selection),
    rules: [],
    ...("relation" in node ? { relation: node.relation } : {}),
  };
  if (node.kind !== "relation") return [own];
  const keepers = node.keptBy.map(({ rule, number }): OutlineRow => {
    const text = `keeps ${node.relation}`;
    return {
      level: 2,
      group: group.id,
      id: `keeper:${rule}`,
      kind: "keeper",
      label: `Rule ${number}, ${group.name}, ${text}`,
      text,
      mark: `${number}`,
      selected: selection.rules.has(rule),
      rules: [rule],
    };
  });
  return [own, ...keepers];
}

/** "Rule 8, collector, sends out, …" without number and component, which the row shows by its place. */
function withoutPlace(label: string): string {
  return label.split(", ").slice(2).join(", ");
}

/** "Relation acks, leader, kept by …" as "acks, kept by …" */
function relationText(label: string): string {
  const [name = "", , ...rest] = label.split(", ");
  return [name.split(" ").at(-1), ...rest].join(", ");
}
