import type { Fact } from "../evaluator/nodeEngine.ts";
import type { ComponentName, RelationName } from "../program/program.ts";
import type { Row } from "../program/value.ts";

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
  /** The node's own tick number, from 1. */
  readonly tick: number;
  readonly at: number;
  /** Ids of the messages that entered this tick. */
  readonly arrived: readonly number[];
  readonly appeared: readonly Fact[];
  readonly disappeared: readonly Fact[];
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
