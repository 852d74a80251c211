import { useMemo } from "react";
import type { ReactNode } from "react";
import { FilterMenu } from "./FilterMenu.tsx";
import { useFilters, useHidden } from "./filterStore.ts";
import { hiddenText, nodeGroups, NOTHING_HIDDEN, relationGroups } from "./shownParts.ts";
import type { SimulatedRun } from "./simulatedRun.ts";
import { useSimulate } from "./simulateStore.ts";

/** What of the runs is drawn, and how large. */
export function ViewBar(props: {
  readonly run: SimulatedRun;
  readonly table: boolean;
  onTable(): void;
}): ReactNode {
  const zoomBy = useSimulate((state) => state.zoomBy);
  return (
    <div className="view-bar" role="group" aria-label="What is drawn">
      <Filters run={props.run} />
      <button className="button button-plain" aria-label="Zoom out" onClick={() => zoomBy(1 / 1.5)}>
        −
      </button>
      <button className="button button-plain" aria-label="Zoom in" onClick={() => zoomBy(1.5)}>
        +
      </button>
      <button className="button button-plain" onClick={() => zoomBy("fit")}>
        Fit
      </button>
      <button className="button button-plain" aria-pressed={props.table} onClick={props.onTable}>
        Table
      </button>
    </div>
  );
}

function Filters({ run }: { readonly run: SimulatedRun }): ReactNode {
  const hidden = useHidden();
  const hide = useFilters((state) => state.hide);
  const { original, rewritten, programs } = run;
  const traces = useMemo(
    () => (rewritten === undefined ? [original] : [original, rewritten]),
    [original, rewritten],
  );
  const nodes = useMemo(() => nodeGroups(traces), [traces]);
  const relations = useMemo(() => {
    const all = programs.flatMap((each) => (each === undefined ? [] : [each.program]));
    return relationGroups(all, programs[0]?.deployment.clients.input);
  }, [programs]);
  const text = useMemo(() => hiddenText(hidden, traces), [hidden, traces]);
  return (
    <>
      <span className="hidden-text" role="status">
        {text}
      </span>
      {text !== undefined && (
        <button className="link-button" onClick={() => hide(NOTHING_HIDDEN)}>
          Show everything
        </button>
      )}
      <FilterMenu
        what="relations"
        groups={relations}
        hidden={hidden.relations}
        onChange={(now) => hide({ relations: now })}
      />
      <FilterMenu
        what="nodes"
        groups={nodes}
        hidden={hidden.nodes}
        onChange={(now) => hide({ nodes: now })}
      />
    </>
  );
}
