import type { Fault } from "../../simulator/faults.ts";
import type { Trace } from "../../simulator/trace.ts";

/** A time in which a node does nothing: until it is resumed, or for good or until it starts again. */
export interface Stop {
  readonly address: string;
  readonly kind: "paused" | "crashed";
  readonly from: number;
  /** The run's end when it never goes on. */
  readonly to: number;
}

/** What pauses and crashes make of the lifelines; a crash takes all siblings of its original node along. */
export function stopsOf(trace: Trace, faults: readonly Fault[]): readonly Stop[] {
  const end = trace.end.at;
  const known = new Set(trace.nodes.map((node) => node.address));
  const stops: Stop[] = [];
  for (const fault of faults) {
    if (fault.kind === "pause" && known.has(fault.node)) {
      const ends = faults.flatMap((f) =>
        f.kind === "resume" && f.node === fault.node && f.at > fault.at ? [f.at] : [],
      );
      stops.push({
        address: fault.node,
        kind: "paused",
        from: fault.at,
        to: Math.min(end, ...ends),
      });
    }
    if (fault.kind !== "crash") continue;
    const restarts = faults.flatMap((f) =>
      f.kind === "restart" && f.node === fault.node && f.at > fault.at ? [f.at] : [],
    );
    const original = trace.nodes.find((node) => node.address === fault.node)?.original;
    for (const node of trace.nodes) {
      if (node.original !== original) continue;
      stops.push({
        address: node.address,
        kind: "crashed",
        from: fault.at,
        to: Math.min(end, ...restarts),
      });
    }
  }
  return stops.filter((stop) => stop.from < stop.to);
}
