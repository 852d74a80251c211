import { useMemo, useState } from "react";
import { CLIENTS } from "../../analysis/graphModel.ts";
import type { GraphModel } from "../../analysis/graphModel.ts";
import { componentIds, visibleGraph } from "../../workers/layoutRequest.ts";
import { chooseLevel, useGraphLevel } from "./graphLevel.ts";
import type { GraphLevel } from "./graphLevel.ts";

/** Above so many nodes components start folded. */
const MANY = 200;
/** More would make the clients' band endless. */
const MANY_ANSWERS = 40;

/** Which part of the graph is shown: the level, components opened or closed one by one, constants. */
export function useFolding(graph: GraphModel): {
  readonly shown: GraphModel;
  readonly level: GraphLevel;
  setLevel(level: GraphLevel): void;
  fold(group: string): void;
  readonly constants: boolean;
  setConstants(shown: boolean): void;
} {
  const chosen = useGraphLevel((state) => state.chosen);
  const [flipped, setFlipped] = useState<ReadonlySet<string>>(new Set());
  const [constants, setConstants] = useState(false);
  const drawn = visibleGraph(graph, { constants, collapsed: new Set() }).nodes.length;
  const level = chosen ?? (drawn > MANY ? "components" : "rules");
  const shown = useMemo(() => {
    const folded = level === "components";
    const collapsed = [...componentIds(graph)].filter((id) => flipped.has(id) !== folded);
    const answers = graph.nodes.filter((node) => node.group === CLIENTS).length;
    if (folded && answers > MANY_ANSWERS) collapsed.push(CLIENTS);
    return visibleGraph(graph, { constants, collapsed: new Set(collapsed) });
  }, [graph, level, flipped, constants]);
  const setLevel = (next: GraphLevel): void => {
    chooseLevel(next);
    setFlipped(new Set());
  };
  const fold = (group: string): void =>
    setFlipped((before) => {
      const after = new Set(before);
      if (!after.delete(group)) after.add(group);
      return after;
    });
  return { shown, level, setLevel, fold, constants, setConstants };
}
