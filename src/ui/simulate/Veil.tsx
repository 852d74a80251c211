import type { ReactNode } from "react";

/** Over what is still to come: a moved cursor moves this, and nothing under it is drawn again. */
export function Veil(props: {
  readonly from: number;
  readonly width: number;
  readonly height: number;
}): ReactNode {
  const { from, width, height } = props;
  return <rect className="veil" x={from} y={0} width={Math.max(0, width - from)} height={height} />;
}
