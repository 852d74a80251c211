import type { Fact } from "../evaluator/nodeEngine.ts";
import type { ComponentName, RelationName } from "../program/program.ts";
import type { Row } from "../program/value.ts";
import type { InvariantOutcome } from "./invariantOutcome.ts";

/** One deterministic run of a deployed program: what the space-time diagram draws. Times are simulated milliseconds. */
export interface Trace {
  readonly seed: number;
  readonly nodes: readonly TraceNode[];
  readonly messages: readonly TraceMessage[];
  /** All ticks of all nodes in the order they ran. */
  readonly ticks: readonly TraceTick[];
  /** What clients asked, and what they were answered. */
  readonly requests: readonly TraceRequest[];
  /** Answers that fit no request: an error of the program's. Absent when there is none. */
  readonly strays?: readonly {
    readonly relation: RelationName;
    readonly row: Row;
    readonly at: number;
  }[];
  /** What became of what the program says must hold; absent where it says nothing, or nobody recorded what holds. */
  readonly invariants?: readonly InvariantOutcome[];
  readonly end: TraceEnd;
}

export interface TraceNode {
  readonly address: string;
  readonly component: ComponentName;
  /** The original node it is a sibling of; its own address in a base program. */
  readonly original: string;
}

export interface TraceMessage {
  /** Its index in `Trace.messages`. */
  readonly id: number;
  readonly from: string;
  readonly to: string;
  readonly relation: RelationName;
  readonly row: Row;
  readonly sentAt: number;
  /**
   * Index into `ticks` of the tick that sent it, for a standing send held back the last one in which it held; absent
   * for what clients send.
   */
  readonly sentBy?: number;
  /** Absent: still under way at the end, or lost. */
  readonly arrivedAt?: number;
  readonly fault?: "lost" | "delayed" | "duplicate";
}

export interface TraceTick {
  /** Index of its node in `Trace.nodes`. */
  readonly node: number;
  /** Its number among the node's ticks in this run, from 1; it goes on after a crash. */
  readonly tick: number;
  /**
   * Number of the node's last tick before it last started again; absent before that. The program counts ticks from
   * there: `tick(t)` binds `tickSinceStart`.
   */
  readonly startedAfter?: number;
  readonly at: number;
  /** Ids of the messages that entered this tick. */
  readonly arrived: readonly number[];
  readonly appeared: readonly Fact[];
  readonly disappeared: readonly Fact[];
}

/** What `tick(t)` binds in a tick: a process that starts again knows nothing of the ticks before. */
export function tickSinceStart({
  tick,
  startedAfter = 0,
}: Pick<TraceTick, "tick" | "startedAfter">): number {
  return tick - startedAfter;
}

/** How a tick is named wherever a run is shown. */
export function tickText(tick: Pick<TraceTick, "tick" | "startedAfter">): string {
  if (tick.startedAfter === undefined) return `tick ${tick.tick}`;
  return `tick ${tick.tick} (tick ${tickSinceStart(tick)} since it started again)`;
}

export interface TraceRequest {
  /** From 1, in the order of sending. */
  readonly number: number;
  readonly input: Row;
  readonly sentAt: number;
  readonly answers: readonly {
    readonly relation: RelationName;
    readonly row: Row;
    readonly at: number;
    /** Equal to an earlier answer of this request. */
    readonly duplicate: boolean;
  }[];
}

export type TraceEnd =
  /** Nothing is left to happen; what is unanswered now stays so. */
  | { readonly kind: "quiet"; readonly at: number }
  /** Nobody waits for an answer; timers go on for ever. */
  | { readonly kind: "timers"; readonly at: number }
  /** A limit was reached or the user cancelled; the trace so far is whole. */
  | { readonly kind: "limit" | "cancelled"; readonly at: number }
  | { readonly kind: "error"; readonly at: number; readonly message: string };
