import type { ReactNode } from "react";

export type GraphLevel = "components" | "rules";

/** Levels, zoom, Fit and Tidy, over the lower corners of the canvas. */
export function GraphControls(props: {
  readonly level: GraphLevel;
  onLevel(level: GraphLevel): void;
  readonly zoom: number;
  onZoom(by: number): void;
  onFit(): void;
  /** Puts dragged shapes back, or the last tidying undone. */
  readonly tidied: boolean;
  onTidy(): void;
}): ReactNode {
  const { level, onLevel, zoom, onZoom, onFit, tidied, onTidy } = props;
  return (
    <>
      <div className="graph-levels" role="group" aria-label="Level of detail">
        {(["components", "rules"] as const).map((each) => (
          <button
            type="button"
            key={each}
            aria-pressed={each === level}
            onClick={() => onLevel(each)}
          >
            {each === "components" ? "Components" : "Rules"}
          </button>
        ))}
      </div>
      <div className="graph-zoom" role="group" aria-label="View">
        <button type="button" aria-label="Smaller" onClick={() => onZoom(1 / 1.2)}>
          −
        </button>
        <button
          type="button"
          aria-label={`${Math.round(zoom * 100)}%, show at 100%`}
          onClick={() => onZoom(1 / zoom)}
        >
          {Math.round(zoom * 100)}%
        </button>
        <button type="button" aria-label="Larger" onClick={() => onZoom(1.2)}>
          +
        </button>
        <button type="button" title="Show all (F)" onClick={onFit}>
          Fit
        </button>
        <button
          type="button"
          title={tidied ? "Put things back where you dragged them" : "Lay out afresh (T)"}
          onClick={onTidy}
        >
          {tidied ? "Undo tidy" : "Tidy"}
        </button>
      </div>
    </>
  );
}
