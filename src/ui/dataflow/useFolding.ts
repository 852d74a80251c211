import { useCallback, useMemo, useState } from "react";
import { CLIENTS } from "../../analysis/graphModel.ts";
import type { GraphModel } from "../../analysis/graphModel.ts";
import { componentIds, openNodes, visibleGraph } from "../../workers/layoutRequest.ts";
import { chooseLevel, useGraphLevel } from "./graphLevel.ts";
import type { GraphLevel } from "./graphLevel.ts";

/** Above so many nodes components start folded. */
const MANY = 200;
/** More would make the clients' band endless. */
const MANY_ANSWERS = 40;

/** Which part of the graph is shown: the level, components opened or closed one by one, constants. */
export function useFolding(
  graph: GraphModel,
  before: GraphModel | undefined,
): {
  readonly shown: GraphModel;
  /** The program as it is, folded alike, when what is shown is a preview. */
  readonly shownBefore: GraphModel | undefined;
  readonly level: GraphLevel;
  setLevel(level: GraphLevel): void;
  fold(group: string): void;
  readonly constants: boolean;
  setConstants(shown: boolean): void;
} {
  const chosen = useGraphLevel((state) => state.chosen);
  const [flipped, setFlipped] = useState<ReadonlySet<string>>(new Set());
  const [constants, setConstants] = useState(false);
  const drawn = useMemo(() => openNodes(graph, constants), [graph, constants]);
  const level = chosen ?? (drawn > MANY ? "components" : "rules");
  // A large program is not laid out rule by rule for levels that show something else.
  const folded = level === "components" || (level !== "rules" && drawn > MANY);
  const fit = useCallback(
    (whole: GraphModel) => foldedGraph(whole, { folded, flipped, constants }),
    [folded, flipped, constants],
  );
  const shown = useMemo(() => fit(graph), [fit, graph]);
  const shownBefore = useMemo(() => before && fit(before), [fit, before]);
  const setLevel = (next: GraphLevel): void => {
    chooseLevel(next);
    setFlipped(new Set());
  };
  const fold = (group: string): void =>
    setFlipped((all) => {
      const after = new Set(all);
      if (!after.delete(group)) after.add(group);
      return after;
    });
  return { shown, shownBefore, level, setLevel, fold, constants, setConstants };
}

function foldedGraph(
  graph: GraphModel,
  show: {
    readonly folded: boolean;
    readonly flipped: ReadonlySet<string>;
    readonly constants: boolean;
  },
): GraphModel {
  const { folded, flipped, constants } = show;
  const collapsed = [...componentIds(graph)].filter((id) => flipped.has(id) !== folded);
  const answers = graph.nodes.filter((node) => node.group === CLIENTS).length;
  if (folded && answers > MANY_ANSWERS) collapsed.push(CLIENTS);
  return visibleGraph(graph, { constants, collapsed: new Set(collapsed) });
}
