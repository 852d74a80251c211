import type { NodeProps } from "@xyflow/react";
import { memo, useContext } from "react";
import type { ReactNode } from "react";
import type { BoxData, BoxNode } from "./flowElements.ts";
import { GraphActions } from "./GraphActions.ts";
import { Anchor } from "./ShapeView.tsx";

/** A component with its words, a sheet for each of up to three partitions; or the clients' band. */
export const BoxView = memo(function BoxView({ data }: NodeProps<BoxNode>): ReactNode {
  const actions = useContext(GraphActions);
  const { group, collapsed, preview, renamed, touched, rules } = data;
  const sheets = Math.min(3, group.partitions);
  if (group.kind === "clients") {
    return (
      <div className="box box-clients" role="group" aria-label={group.label}>
        <span className="box-title">{group.name}</span>
        <span className="box-words">{group.words}</span>
        <Anchor />
      </div>
    );
  }
  if (group.machines !== undefined) return <MachinesView data={data} />;
  return (
    <div
      className={`box box-component ${preview ? "is-preview" : renamed ? "is-renamed" : ""}${touched ? " is-touched" : ""}`}
      data-sheets={sheets}
      role="group"
      aria-label={group.label}
    >
      <div className="box-header">
        <button
          type="button"
          className="box-title"
          tabIndex={collapsed ? 0 : -1}
          title={
            collapsed ? `Show the rules of ${group.name}` : `Select the rules of ${group.name}`
          }
          onClick={(event) =>
            collapsed ? actions.fold(group.id) : actions.chooseRules(rules, event.shiftKey)
          }
        >
          {group.name}
        </button>
        {preview && <span className="box-preview">preview</span>}
        <span className="box-words">{group.words}</span>
      </div>
      {collapsed && (
        <span className="box-rules">
          {group.rules} {group.rules === 1 ? "rule" : "rules"}
        </span>
      )}
      <Anchor />
    </div>
  );
});

/** An address, or the addresses of a component, with what runs there. */
function MachinesView({ data }: { readonly data: BoxData }): ReactNode {
  const actions = useContext(GraphActions);
  const { group, preview, renamed, selected, touched, rules } = data;
  const state = preview ? "is-preview" : renamed ? "is-renamed" : selected ? "is-selected" : "";
  return (
    <div
      className={`box box-machines ${state}${touched ? " is-touched" : ""}`}
      data-sheets={Math.min(3, group.machines?.addresses.length ?? 1)}
      role="group"
      aria-label={group.label}
    >
      <button
        type="button"
        className="box-title"
        aria-pressed={selected}
        title={group.machines?.addresses.join(", ")}
        onClick={(event) => actions.chooseRules(rules, event.shiftKey)}
      >
        {group.name}
      </button>
      <span className="box-words">{group.words}</span>
      <span className="box-rules">{group.machines?.note}</span>
      <Anchor />
    </div>
  );
}
