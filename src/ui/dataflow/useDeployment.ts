import { useMemo } from "react";
import type { GraphModel } from "../../analysis/graphModel.ts";
import { deploymentGraph, hasBoxPerAddress } from "../../workers/deploymentGraph.ts";
import type { DataflowProps } from "./dataflowProps.ts";
import { previewGraph } from "./previewGraph.ts";

/** The machines as they are, and with the preview; undefined where the level is another or there is no deployment. */
export function useDeployment(
  { graph, program, preview, previewDeployment }: DataflowProps,
  wanted: boolean,
): { readonly shown: GraphModel; readonly before: GraphModel | undefined } | undefined {
  const { deployment } = program;
  return useMemo(() => {
    if (!wanted || deployment === undefined) return undefined;
    if (preview === undefined || previewDeployment === undefined) {
      const apart = hasBoxPerAddress(graph, deployment);
      return { shown: deploymentGraph(graph, deployment, apart), before: undefined };
    }
    // The same boxes before and after, so that what is new can be told.
    const apart =
      hasBoxPerAddress(graph, deployment) && hasBoxPerAddress(preview, previewDeployment);
    const before = deploymentGraph(graph, deployment, apart);
    const after = deploymentGraph(preview, previewDeployment, apart);
    return { shown: previewGraph(after, before), before };
  }, [wanted, graph, deployment, preview, previewDeployment]);
}
