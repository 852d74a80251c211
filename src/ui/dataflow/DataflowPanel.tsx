import { ReactFlowProvider } from "@xyflow/react";
import type { ReactNode } from "react";
import type { DataflowProps } from "./dataflowProps.ts";
import { GraphCanvas } from "./GraphCanvas.tsx";
import "@xyflow/react/dist/base.css";
import "./dataflow.css";

export type { DataflowProps } from "./dataflowProps.ts";

/** The dataflow of the program as a graph that can be selected from (ui.md, "Graph vocabulary"). */
export function DataflowPanel(props: DataflowProps): ReactNode {
  return (
    <ReactFlowProvider>
      <GraphCanvas {...props} />
    </ReactFlowProvider>
  );
}
