import type { Trace, TraceMessage, TraceTick } from "../../simulator/trace.ts";

/** Where things stand in a space-time diagram, in pixels; time runs right. */
export interface Timeline {
  readonly pixelsPerMs: number;
  x(at: number): number;
  at(x: number): number;
}

export const LABEL_WIDTH = 116;
export const LANE_HEIGHT = 34;
const RIGHT_MARGIN = 40;

export function timeline(pixelsPerMs: number): Timeline {
  return {
    pixelsPerMs,
    x: (at) => LABEL_WIDTH + at * pixelsPerMs,
    at: (x) => Math.max(0, (x - LABEL_WIDTH) / pixelsPerMs),
  };
}

export function timelineWidth(line: Timeline, end: number): number {
  return line.x(end) + RIGHT_MARGIN;
}

/** The scale at which a run of that length fills a view of that width, within readable bounds. */
export function fittingScale(width: number, end: number): number {
  const room = Math.max(200, width - LABEL_WIDTH - RIGHT_MARGIN);
  return Math.min(40, Math.max(0.02, room / Math.max(1, end)));
}

/** Round steps for the axis, at least 56 pixels apart. */
export function axisStep(pixelsPerMs: number): number {
  const least = 56 / pixelsPerMs;
  const magnitude = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((n) => n * magnitude).find((step) => step >= least) ?? least;
}

/** A lane a participant: clients first, then the nodes in order. */
export function lanesOf(trace: Trace): readonly string[] {
  const nodes = trace.nodes.map((node) => node.address);
  const known = new Set(nodes);
  const clients = new Set<string>();
  for (const { from, to } of trace.messages) {
    if (!known.has(from)) clients.add(from);
    if (!known.has(to)) clients.add(to);
  }
  return [...clients, ...nodes];
}

/** What a window of time shows; messages still under way reach to the run's end. */
export function messagesBetween(trace: Trace, from: number, to: number): readonly TraceMessage[] {
  return trace.messages.filter((m) => m.sentAt <= to && (m.arrivedAt ?? trace.end.at) >= from);
}

export function ticksBetween(trace: Trace, from: number, to: number): readonly TraceTick[] {
  return trace.ticks.filter((tick) => tick.at >= from && tick.at <= to);
}

/** Messages sent by then that have not arrived by then and are not lost. */
export function pendingAt(trace: Trace, at: number): readonly TraceMessage[] {
  return trace.messages.filter(
    (m) => m.fault !== "lost" && m.sentAt <= at && (m.arrivedAt === undefined || m.arrivedAt > at),
  );
}

/** Every moment at which something happens in any of the traces, in order. */
export function momentsOf(traces: readonly Trace[]): readonly number[] {
  const moments = new Set<number>();
  for (const trace of traces) {
    for (const tick of trace.ticks) moments.add(tick.at);
    for (const message of trace.messages) {
      moments.add(message.sentAt);
      if (message.arrivedAt !== undefined) moments.add(message.arrivedAt);
    }
  }
  return [...moments].sort((a, b) => a - b);
}
