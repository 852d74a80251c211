import { Suspense, useCallback, useMemo } from "react";
import type { ReactNode } from "react";
import { DataflowPanel } from "../dataflow/DataflowPanel.tsx";
import type { DataflowProps } from "../dataflow/DataflowPanel.tsx";
import { showPartitioning } from "../shell/showPartitioning.ts";
import { focusPanel } from "../shell/panels.ts";
import { useClew } from "../store/clewStore.ts";
import { verdictWords } from "../store/verdictWords.ts";
import { isCheckShown, useCheckShown } from "../verify/checkShown.ts";
import { asksWhyNot, marks as marksOf, shownView } from "../store/selectors.ts";
import { lazyPart } from "../shell/lazyPart.tsx";

const OutlineTree = lazyPart(() => import("../dataflow/OutlineTree.tsx"));

/** The program of the step as a graph, or as an outline with the same selection and commands. */
export function GraphPanel(): ReactNode {
  const tab = useClew((state) => state.graphTab);
  const showTab = useClew((state) => state.showGraphTab);
  const props = useDataflowProps();
  const explains = useClew(asksWhyNot);
  const checks = useCheckShown(isCheckShown);
  return (
    <section
      className="panel"
      inert={explains || checks}
      data-panel-id="graph"
      aria-label="Dataflow"
      tabIndex={-1}
    >
      <div className="panel-header">
        <h2>Dataflow</h2>
        <span className="panel-space" />
        <div className="tab-group" role="group" aria-label="Show the dataflow as">
          <button
            className="tab-button"
            aria-pressed={tab === "graph"}
            onClick={() => showTab("graph")}
          >
            Graph
          </button>
          <button
            className="tab-button"
            aria-pressed={tab === "outline"}
            onClick={() => showTab("outline")}
          >
            Outline
          </button>
        </div>
      </div>
      <div className="panel-body">
        <Suspense>
          {props !== undefined &&
            (tab === "graph" ? <DataflowPanel {...props} /> : <OutlineTree {...props} />)}
        </Suspense>
      </div>
    </section>
  );
}

/** What graph and outline are given; undefined until there is a program. */
export function useDataflowProps(): DataflowProps | undefined {
  const program = useClew(shownView);
  const rules = useClew((state) => state.selectedRules);
  const relation = useClew((state) => state.selectedRelation);
  const marks = useClew(marksOf);
  const preview = useClew((state) => state.preview?.view);
  const ruleVerdicts = useClew((state) => state.ruleVerdicts);
  const verdicts = useMemo(() => verdictWords(ruleVerdicts), [ruleVerdicts]);
  const select = useClew((state) => state.select);
  const onSelect = useCallback<DataflowProps["onSelect"]>(
    (selection, how) => select(selection, how, "elsewhere"),
    [select],
  );
  const onCommand = useCallback((command: "rewrites" | "partitions") => {
    if (command === "rewrites") focusPanel("inspector");
    else showPartitioning();
  }, []);
  const selection = useMemo(
    () => (relation === undefined ? { rules } : { rules, relation }),
    [rules, relation],
  );
  if (program === undefined) return undefined;
  const { graph } = program;
  const props = { graph, program, selection, onSelect, marks, verdicts, onCommand };
  if (preview === undefined) return props;
  const { graph: previewed, deployment } = preview;
  return deployment === undefined
    ? { ...props, preview: previewed }
    : { ...props, preview: previewed, previewDeployment: deployment };
}
