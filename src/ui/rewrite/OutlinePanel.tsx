import { Suspense } from "react";
import type { ReactNode } from "react";
import { useDataflowProps } from "./GraphPanel.tsx";
import { lazyPart } from "../shell/lazyPart.tsx";

const OutlineTree = lazyPart(() => import("../dataflow/OutlineTree.tsx"));

/** The outline where it has a column tab of its own. */
export function OutlinePanel(): ReactNode {
  const props = useDataflowProps();
  return (
    <section className="panel" data-panel-id="outline" aria-label="Outline" tabIndex={-1}>
      <div className="panel-body">
        <Suspense>{props !== undefined && <OutlineTree {...props} />}</Suspense>
      </div>
    </section>
  );
}
