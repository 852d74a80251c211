import { createContext } from "react";
import type { GraphNode } from "../../analysis/graphModel.ts";
import type { RuleId } from "../../program/program.ts";

/** What the shapes of a graph may do; one stable object a panel, so that shapes need not draw again. */
export interface GraphActionsValue {
  choose(node: GraphNode, extend: boolean): void;
  chooseRule(rule: RuleId, extend: boolean): void;
  chooseRules(rules: readonly RuleId[], extend: boolean): void;
  /** Opens a collapsed component, or closes it. */
  fold(group: string): void;
  focused(id: string): void;
  isTabStop(id: string): boolean;
}

export const GraphActions = createContext<GraphActionsValue>({
  choose: () => undefined,
  chooseRule: () => undefined,
  chooseRules: () => undefined,
  fold: () => undefined,
  focused: () => undefined,
  isTabStop: () => false,
});
