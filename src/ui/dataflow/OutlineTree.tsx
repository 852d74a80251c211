import { useRef, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import type { GraphGroup, GraphModel, GraphNode } from "../../analysis/graphModel.ts";
import type { DataflowProps } from "./dataflowProps.ts";
import { outlineRows } from "./outlineRows.ts";
import type { OutlineRow } from "./outlineRows.ts";
import "./dataflow.css";

/** The graph as a tree for keyboard and screen reader: same selection, same commands, same order. */
export function OutlineTree(props: DataflowProps): ReactNode {
  const { graph, selection, onSelect, marks, verdicts, onCommand } = props;
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [at, setAt] = useState<string>();
  const tree = useRef<HTMLUListElement>(null);
  const rows = outlineRows(graph, { selection, marks, verdicts, closed });
  const current = rows.find((row) => row.id === at) ?? rows[0];

  const go = (row: OutlineRow | undefined): void => {
    if (row === undefined) return;
    setAt(row.id);
    tree.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(row.id)}"]`)?.focus();
  };
  const choose = (row: OutlineRow, extend: boolean): void => {
    setAt(row.id);
    const how = extend ? "toggle" : "replace";
    if (row.rules.length > 0) onSelect({ rules: row.rules }, how);
    else if (row.relation !== undefined) onSelect({ rules: [], relation: row.relation }, how);
  };
  const setOpen = (group: string, open: boolean): void =>
    setClosed((before) => {
      const after = new Set(before);
      if (open) after.delete(group);
      else after.add(group);
      return after;
    });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (current === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const i = rows.indexOf(current);
    const step = (row: OutlineRow | undefined): void => {
      go(row);
      if (event.shiftKey && row !== undefined && !row.selected) choose(row, true);
    };
    switch (event.key) {
      case "ArrowDown":
        step(rows[i + 1]);
        break;
      case "ArrowUp":
        step(rows[i - 1]);
        break;
      case "Home":
        go(rows[0]);
        break;
      case "End":
        go(rows.at(-1));
        break;
      case "ArrowRight":
        if (current.level === 1 && closed.has(current.id)) setOpen(current.id, true);
        else if (current.level === 1) go(rows[i + 1]);
        break;
      case "ArrowLeft":
        if (current.level === 1) setOpen(current.id, false);
        else go(rows.find((row) => row.id === current.group));
        break;
      case "Enter":
        choose(current, false);
        onCommand?.("rewrites");
        break;
      case " ":
        choose(current, true);
        break;
      case "Escape":
        onSelect({ rules: [] }, "replace");
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  return (
    <ul
      ref={tree}
      className="outline-tree"
      role="tree"
      aria-label="Outline of the program"
      aria-multiselectable="true"
    >
      {rows.map((row) => (
        <li
          key={row.id}
          role="treeitem"
          data-row={row.id}
          data-culprit={row.letters !== undefined}
          aria-level={row.level}
          aria-selected={row.selected}
          aria-label={row.label}
          {...(row.level === 1 ? { "aria-expanded": !closed.has(row.id) } : {})}
          tabIndex={row === current ? 0 : -1}
          onClick={(event) => {
            if (row.level === 1 && row.rules.length === 0) setOpen(row.id, closed.has(row.id));
            choose(row, event.shiftKey);
          }}
          onKeyDown={onKeyDown}
          onFocus={() => setAt(row.id)}
        >
          <RowFace row={row} graph={graph} closed={closed.has(row.id)} />
        </li>
      ))}
    </ul>
  );
}

function RowFace({
  row,
  graph,
  closed,
}: {
  readonly row: OutlineRow;
  readonly graph: GraphModel;
  readonly closed: boolean;
}): ReactNode {
  const group: GraphGroup | undefined = graph.groups.find(({ id }) => id === row.id);
  if (group !== undefined) {
    return (
      <span className="outline-group" aria-hidden="true">
        <span className="outline-arrow">{closed ? "▸" : "▾"}</span>
        <strong>{group.name}</strong>
        <span className="box-words">{group.words}</span>
      </span>
    );
  }
  return (
    <span className="outline-row" aria-hidden="true">
      <RowMark row={row} />
      <span>{row.text}</span>
      {row.letters !== undefined && row.letters !== "" && (
        <span className="letter">{row.letters}</span>
      )}
    </span>
  );
}

function RowMark({ row }: { readonly row: OutlineRow }): ReactNode {
  const kinds: Readonly<Record<GraphNode["kind"] | "keeper", string>> = {
    rule: row.mark,
    keeper: row.mark,
    relation: "",
    channel: "→",
    constant: "=",
    function: "ƒ",
    broken: "!",
  };
  return <span className={`outline-mark outline-${row.kind}`}>{kinds[row.kind]}</span>;
}
