import { useEffect, useMemo, useState } from "react";
import type { GraphModel } from "../../analysis/graphModel.ts";
import type { DataflowProps } from "./dataflowProps.ts";
import { previewGraph } from "./previewGraph.ts";

type Machines = typeof import("../../workers/deploymentGraph.ts");

/** The machines as they are, and with the preview; undefined where the level is another or there is no deployment yet. */
export function useDeployment(
  { graph, program, preview, previewDeployment }: DataflowProps,
  wanted: boolean,
): { readonly shown: GraphModel; readonly before: GraphModel | undefined } | undefined {
  const { deployment } = program;
  const [machines, setMachines] = useState<Machines>();
  useEffect(() => {
    if (wanted) void import("../../workers/deploymentGraph.ts").then((m) => setMachines(() => m));
  }, [wanted]);
  return useMemo(() => {
    if (!wanted || deployment === undefined || machines === undefined) return undefined;
    const { deploymentGraph, hasBoxPerAddress } = machines;
    if (preview === undefined || previewDeployment === undefined) {
      const apart = hasBoxPerAddress(graph, deployment);
      return { shown: deploymentGraph(graph, deployment, apart), before: undefined };
    }
    // The same boxes before and after, so that what is new can be told; and rather those that there are, for the focus
    // may be on one.
    const apart =
      hasBoxPerAddress(graph, deployment) && hasBoxPerAddress(preview, previewDeployment, 3);
    const before = deploymentGraph(graph, deployment, apart);
    const after = deploymentGraph(preview, previewDeployment, apart);
    return { shown: previewGraph(after, before), before };
  }, [wanted, machines, graph, deployment, preview, previewDeployment]);
}
