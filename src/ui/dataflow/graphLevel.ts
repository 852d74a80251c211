import { create } from "zustand";

/** How much of the program is shown (ui.md, "Zoom levels"). */
export type GraphLevel = "deployment" | "components" | "rules" | "joins";

/** From far to near. */
export const LEVELS: readonly { readonly level: GraphLevel; readonly title: string }[] = [
  { level: "deployment", title: "Deployment" },
  { level: "components", title: "Components" },
  { level: "rules", title: "Rules" },
  { level: "joins", title: "Joins" },
];

/** The level that was asked for; nothing until someone does. Graph and outline show the same. */
export const useGraphLevel = create<{ readonly chosen: GraphLevel | undefined }>(() => ({
  chosen: undefined,
}));

export function chooseLevel(level: GraphLevel): void {
  useGraphLevel.setState({ chosen: level });
}

/** The next finer level, or the next coarser one; the same at either end. */
export function levelBeside(level: GraphLevel, by: 1 | -1): GraphLevel {
  const at = LEVELS.findIndex((each) => each.level === level);
  return LEVELS[at + by]?.level ?? level;
}

/** At this scale there is room for more detail; rules may be read larger before they open. */
const NEAR: Readonly<Record<GraphLevel, number>> = {
  deployment: 1.8,
  components: 1.8,
  rules: 2.6,
  joins: Infinity,
};
/** At this part of the scale at which all is seen there is only room for less. */
const FAR = 0.55;

/** The level that zooming leads to; `whole` is the scale at which all of the picture is seen. */
export function levelAtZoom(level: GraphLevel, zoom: number, whole: number): GraphLevel {
  if (zoom >= NEAR[level]) return levelBeside(level, 1);
  return zoom <= FAR * whole ? levelBeside(level, -1) : level;
}
