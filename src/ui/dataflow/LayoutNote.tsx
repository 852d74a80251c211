import type { ReactNode } from "react";
import type { LayoutState } from "./useLayout.ts";

/** While a picture takes long: that it does, and a way out. The old picture stays, dimmed. */
export function LayoutNote(props: {
  readonly state: LayoutState;
  readonly nodes: number;
  onCancel(): void;
  onRetry(): void;
}): ReactNode {
  const { state, nodes, onCancel, onRetry } = props;
  switch (state) {
    case "fresh":
      return null;
    case "computing":
      return (
        <div className="layout-note" role="group" aria-label="Layout">
          <span>Laying out {nodes === 1 ? "1 shape" : `${nodes} shapes`}…</span>
          <button type="button" className="button" onClick={onCancel}>
            Cancel
          </button>
        </div>
      );
    case "cancelled":
      return (
        <div className="layout-note" role="group" aria-label="Layout">
          <span>This picture is of before; the outline is up to date.</span>
          <button type="button" className="button" onClick={onRetry}>
            Lay out
          </button>
        </div>
      );
  }
}
