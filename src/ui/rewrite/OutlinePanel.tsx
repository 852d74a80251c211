import type { ReactNode } from "react";
import { OutlineTree } from "../dataflow/OutlineTree.tsx";
import { useDataflowProps } from "./GraphPanel.tsx";

/** The outline where it has a column tab of its own. */
export function OutlinePanel(): ReactNode {
  const props = useDataflowProps();
  return (
    <section className="panel" data-panel-id="outline" aria-label="Outline" tabIndex={-1}>
      <div className="panel-body">{props !== undefined && <OutlineTree {...props} />}</div>
    </section>
  );
}
