import type { NodeProps } from "@xyflow/react";
import { memo, useContext } from "react";
import type { ReactNode } from "react";
import type { BoxData, BoxNode } from "./flowElements.ts";
import { GraphActions } from "./GraphActions.ts";
import type { GraphActionsValue } from "./GraphActions.ts";
import { Anchor } from "./ShapeView.tsx";

/** A component with its words, a sheet for each of up to three partitions; or the clients' band. */
export const BoxView = memo(function BoxView({ data }: NodeProps<BoxNode>): ReactNode {
  const actions = useContext(GraphActions);
  const { group, collapsed, preview, selected, rules } = data;
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
      className={`box box-component ${states(data)}`}
      data-sheets={sheets}
      role="group"
      aria-label={group.label}
    >
      <div className="box-header">
        <button
          type="button"
          className="box-title"
          {...(collapsed ? stopProps(group.id, actions) : { tabIndex: -1 })}
          aria-current={selected ? "true" : undefined}
          title={
            collapsed
              ? `Show the rules of ${group.name} (Space)`
              : `Select the rules of ${group.name}`
          }
          onClick={(event) =>
            collapsed && !event.shiftKey
              ? actions.fold(group.id)
              : actions.chooseRules(rules, event.shiftKey)
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

function states({ preview, renamed, selected, touched }: BoxData): string {
  return [
    preview ? "is-preview" : "",
    renamed ? "is-renamed" : "",
    selected ? "is-selected" : "",
    touched ? "is-touched" : "",
  ].join(" ");
}

/** Arrow keys and Tab reach a box like a node. */
function stopProps(id: string, actions: GraphActionsValue) {
  return {
    "data-graph-node": id,
    tabIndex: actions.isTabStop(id) ? 0 : -1,
    onFocus: () => actions.focused(id),
  };
}

/** An address, or the addresses of a component, with what runs there. */
function MachinesView({ data }: { readonly data: BoxData }): ReactNode {
  const actions = useContext(GraphActions);
  const { group, selected, rules } = data;
  return (
    <div
      className={`box box-machines ${states(data)}`}
      data-sheets={Math.min(3, group.machines?.addresses.length ?? 1)}
      role="group"
      aria-label={group.label}
    >
      <button
        type="button"
        className="box-title"
        {...stopProps(group.id, actions)}
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
