import type { GraphModel } from "../../analysis/graphModel.ts";
import type { Deployment } from "../../program/deployment.ts";
import type { RuleId } from "../../program/program.ts";
import type { ProgramView } from "../../workers/workspaceApi.ts";
import type { Selection } from "./flowElements.ts";
import type { Mark } from "./markedElements.ts";

/** What the levels Deployment and Joins are drawn from. */
export type DataflowProgram = Pick<ProgramView, "program" | "rules" | "relations" | "deployment">;

/** What graph and outline are given: the same, for they are each other's equal. */
export interface DataflowProps {
  readonly graph: GraphModel;
  readonly program: DataflowProgram;
  readonly selection: Selection;
  onSelect(
    selection: { readonly rules: readonly RuleId[]; readonly relation?: string },
    how: "replace" | "toggle",
  ): void;
  readonly marks: readonly Mark[];
  /** The program as the focused rewrite would leave it: what is new in it is drawn dashed. */
  readonly preview?: GraphModel;
  /** Where the previewed program would run. */
  readonly previewDeployment?: Deployment;
  /** For each rule what a screen reader adds: "1 rewrite applies, 2 refused". */
  readonly verdicts?: ReadonlyMap<RuleId, string>;
  onCommand?(command: "rewrites" | "partitions"): void;
}
