import { useMemo, useRef, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import type { GraphGroup, GraphModel } from "../../analysis/graphModel.ts";
import { useTouchedStep } from "../derivation/touchedStep.ts";
import type { DataflowProps } from "./dataflowProps.ts";
import { NO_DEPLOYMENT } from "./deploymentWords.ts";
import { LevelControl } from "./GraphControls.tsx";
import { chooseLevel, levelBeside, useGraphLevel } from "./graphLevel.ts";
import type { GraphLevel } from "./graphLevel.ts";
import { outlineRows } from "./outlineRows.ts";
import type { OutlineRow } from "./outlineRows.ts";
import { shownJoins } from "./shownJoins.ts";
import { useDeployment } from "./useDeployment.ts";
import { useLevelKeys } from "./useLevelKeys.ts";
import "./dataflow.css";
import "./levels.css";

/** The graph as a tree for keyboard and screen reader: same selection, same commands, same order. */
export default function OutlineTree(props: DataflowProps): ReactNode {
  const { program, selection, onSelect, marks, verdicts, onCommand } = props;
  const level = useGraphLevel((state) => state.chosen) ?? "rules";
  const { preview: _, ...asItIs } = props;
  const deployed = useDeployment(asItIs, level === "deployment");
  const graph = deployed?.shown ?? props.graph;
  const { closed, setOpen } = useClosed(graph, level);
  const [at, setAt] = useState<string>();
  const tree = useRef<HTMLUListElement>(null);
  const outline = useRef<HTMLDivElement>(null);
  useLevelKeys(outline, { step: (by) => chooseLevel(levelBeside(level, by)) });
  const { joins } = useMemo(
    () => (level === "joins" ? shownJoins(program, selection) : { joins: [] }),
    [level, program, selection],
  );
  const touched = useTouchedStep((step) => step.touched);
  const rows = outlineRows(graph, { selection, marks, verdicts, closed, joins, touched });
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

  if (level === "deployment" && deployed === undefined) {
    return (
      <div className="outline" ref={outline}>
        <p className="graph-sentence">{NO_DEPLOYMENT}</p>
        <LevelControl level={level} onLevel={chooseLevel} />
      </div>
    );
  }
  return (
    <div className="outline" ref={outline}>
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
            data-touched={row.touched === true}
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
      <LevelControl level={level} onLevel={chooseLevel} />
    </div>
  );
}

/** Components that are closed: at their own level all but those that were opened by hand, else those closed by hand. */
function useClosed(
  graph: GraphModel,
  level: GraphLevel,
): { readonly closed: ReadonlySet<string>; setOpen(group: string, open: boolean): void } {
  const [byHand, setByHand] = useState<ReadonlySet<string>>(new Set());
  const folded = level === "components";
  const key = (group: string): string => `${folded} ${group}`;
  const flipped = graph.groups.filter(({ id }) => byHand.has(key(id)) !== folded);
  const setOpen = (group: string, open: boolean): void =>
    setByHand((before) => {
      const after = new Set(before);
      if (open === folded) after.add(key(group));
      else after.delete(key(group));
      return after;
    });
  return { closed: new Set(flipped.map(({ id }) => id)), setOpen };
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
  const kinds: Readonly<Record<OutlineRow["kind"], string>> = {
    rule: row.mark,
    keeper: row.mark,
    relation: "",
    address: "",
    literal: "",
    channel: "→",
    constant: "=",
    function: "ƒ",
    broken: "!",
  };
  return <span className={`outline-mark outline-${row.kind}`}>{kinds[row.kind]}</span>;
}
