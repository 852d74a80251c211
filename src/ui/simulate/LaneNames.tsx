import type { ReactNode } from "react";
import { LABEL_WIDTH } from "./timeline.ts";

/** The names left of the lanes; they stay while the lanes scroll under them. */
export function LaneNames(props: {
  readonly left: number;
  readonly height: number;
  readonly names: readonly { readonly name: string; readonly y: number }[];
  readonly selected?: string | undefined;
}): ReactNode {
  return (
    <g className="lane-names" transform={`translate(${props.left} 0)`}>
      <rect className="lane-names-back" width={LABEL_WIDTH - 6} height={props.height} />
      {props.names.map(({ name, y }) => (
        <text
          key={name}
          className={name === props.selected ? "lane-label selected" : "lane-label"}
          x={LABEL_WIDTH - 12}
          y={y + 4}
          textAnchor="end"
        >
          {name.length > 15 ? `${name.slice(0, 14)}…` : name}
        </text>
      ))}
    </g>
  );
}
