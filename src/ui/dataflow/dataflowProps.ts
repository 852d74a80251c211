import type { GraphModel } from "../../analysis/graphModel.ts";
import type { RuleId } from "../../program/program.ts";
import type { Selection } from "./flowElements.ts";
import type { Mark } from "./markedElements.ts";

/** What graph and outline are given: the same, for they are each other's equal. */
export interface DataflowProps {
  readonly graph: GraphModel;
  readonly selection: Selection;
  onSelect(
    selection: { readonly rules: readonly RuleId[]; readonly relation?: string },
    how: "replace" | "toggle",
  ): void;
  readonly marks: readonly Mark[];
  /** The program as the focused rewrite would leave it: what is new in it is drawn dashed. */
  readonly preview?: GraphModel;
  /** For each rule what a screen reader adds: "1 rewrite applies, 2 refused". */
  readonly verdicts?: ReadonlyMap<RuleId, string>;
  onCommand?(command: "rewrites" | "partitions"): void;
}
