import type { GraphGroup, GraphModel, GraphNode } from "../../analysis/graphModel.ts";
import type { RuleId } from "../../program/program.ts";
import type { Touched } from "../derivation/touchedBy.ts";
import { isSelected } from "./flowElements.ts";
import type { Selection } from "./flowElements.ts";
import { markedElements } from "./markedElements.ts";
import type { Mark } from "./markedElements.ts";
import type { ShownJoin } from "./shownJoins.ts";

/** One line of the outline: a component or machine, something in it, or a literal of a rule. */
export interface OutlineRow {
  readonly id: string;
  readonly level: 1 | 2 | 3;
  readonly group: string;
  readonly kind: GraphNode["kind"] | "keeper" | "address" | "literal";
  readonly label: string;
  /** The label without what the row's mark and place already say. */
  readonly text: string;
  readonly mark: string;
  readonly selected: boolean;
  /** What a click selects. */
  readonly rules: readonly RuleId[];
  readonly relation?: string;
  readonly letters?: string;
  /** By the step of the derivation that is pointed at. */
  readonly touched?: boolean;
}

export interface OutlineOptions {
  readonly selection: Selection;
  readonly marks: readonly Mark[];
  readonly verdicts: ReadonlyMap<RuleId, string> | undefined;
  readonly closed: ReadonlySet<string>;
  /** The insides of rules that are shown. */
  readonly joins?: readonly ShownJoin[];
  /** What the step of the derivation that is pointed at touched. */
  readonly touched?: Touched | undefined;
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
    const header = groupRow(group, sorted, options.selection);
    const lit = (row: OutlineRow): OutlineRow =>
      isLit(row, group, options) ? { ...row, touched: true } : row;
    if (options.closed.has(group.id)) return [lit(header)];
    const opened = sorted.flatMap((row) => [lit(row), ...literalRows(row, options.joins ?? [])]);
    return [lit(header), ...machineRows(group), ...opened, ...others.map(lit)];
  });
}

/** A closed component also for what is in it. */
function isLit(
  { level, rules, relation }: OutlineRow,
  { id, name, machines }: GraphGroup,
  { touched, closed }: OutlineOptions,
): boolean {
  if (touched === undefined) return false;
  if (level === 1 && touched.components.has(machines?.component ?? name)) return true;
  if (relation !== undefined && touched.relations.has(relation)) return true;
  const shut = level > 1 || machines !== undefined || closed.has(id);
  return shut && rules.some((rule) => touched.rules.has(rule));
}

function groupRow(
  group: GraphGroup,
  rows: readonly OutlineRow[],
  selection: Selection,
): OutlineRow {
  const rules = group.machines?.rules ?? rows.flatMap((row) => row.rules);
  return {
    id: group.id,
    level: 1,
    group: group.id,
    kind: "broken",
    label: group.label,
    text: group.name,
    mark: "",
    selected: rules.length > 0 && rules.every((rule) => selection.rules.has(rule)),
    rules,
  };
}

/** Of several machines the addresses, and the channels that have no tag. */
function machineRows({ id, machines }: GraphGroup): readonly OutlineRow[] {
  if (machines === undefined) return [];
  const plain = { level: 2, group: id, mark: "", selected: false, rules: [] } as const;
  const addresses = machines.addresses.length > 1 ? machines.addresses : [];
  return [
    ...addresses.map((address): OutlineRow => {
      const label = `Machine ${address}, runs ${machines.component}`;
      return { ...plain, id: `${id} ${address}`, kind: "address", label, text: address };
    }),
    ...machines.untagged.map((relation): OutlineRow => {
      const label = `Channel ${relation}, ${machines.component}`;
      return {
        ...plain,
        id: `${id}/${relation}`,
        kind: "channel",
        label,
        text: relation,
        relation,
      };
    }),
  ];
}

/** Below a rule whose inside is shown: its literals, then its head. */
function literalRows(row: OutlineRow, joins: readonly ShownJoin[]): readonly OutlineRow[] {
  const inside = joins.filter(({ view }) => row.rules.includes(view.id));
  return inside.flatMap(({ table }) =>
    table.rows.map(({ label }, i): OutlineRow => ({
      level: 3,
      group: row.group,
      id: `${row.id} row ${i}`,
      kind: "literal",
      label,
      text: label,
      mark: "",
      selected: false,
      rules: row.rules,
    })),
  );
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
