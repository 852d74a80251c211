import type { ReactNode } from "react";
import { LEVELS } from "./graphLevel.ts";
import type { GraphLevel } from "./graphLevel.ts";

/** Which level is shown, and a button for each. */
export function LevelControl(props: {
  readonly level: GraphLevel;
  onLevel(level: GraphLevel): void;
}): ReactNode {
  return (
    <div className="graph-levels" role="group" aria-label="Level of detail">
      {LEVELS.map(({ level, title }) => (
        <button
          type="button"
          key={level}
          aria-pressed={level === props.level}
          title={`${title} (PageUp, PageDown)`}
          onClick={() => props.onLevel(level)}
        >
          {title}
        </button>
      ))}
    </div>
  );
}

/** Levels, zoom, Fit and Tidy, over the lower corners of the canvas. */
export function GraphControls(props: {
  readonly level: GraphLevel;
  onLevel(level: GraphLevel): void;
  readonly zoom: number;
  onZoom(by: number): void;
  onActualSize(): void;
  onFit(): void;
  /** Puts dragged shapes back, or the last tidying undone. */
  readonly tidied: boolean;
  onTidy(): void;
  onSave(): void;
}): ReactNode {
  const { level, onLevel, zoom, onZoom, onActualSize, onFit, tidied, onTidy, onSave } = props;
  return (
    <>
      <LevelControl level={level} onLevel={onLevel} />
      <div className="graph-zoom" role="group" aria-label="View">
        <button
          type="button"
          aria-label="Smaller"
          title="Smaller (-)"
          onClick={() => onZoom(1 / 1.2)}
        >
          −
        </button>
        <button
          type="button"
          aria-label={`${Math.round(zoom * 100)}%, show at 100%`}
          onClick={onActualSize}
        >
          {Math.round(zoom * 100)}%
        </button>
        <button type="button" aria-label="Larger" title="Larger (+)" onClick={() => onZoom(1.2)}>
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
        <button type="button" aria-label="Save picture" title="Save picture (SVG)" onClick={onSave}>
          <svg width={12} height={12} viewBox="0 0 12 12" aria-hidden="true">
            <path
              d="M6 1v6.5M3 5l3 3 3-3M1 11h10"
              fill="none"
              stroke="currentColor"
              strokeWidth={1.5}
            />
          </svg>
        </button>
      </div>
    </>
  );
}
