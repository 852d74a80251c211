import type { Fact } from "../evaluator/nodeEngine.ts";
import type { RelationName } from "../program/program.ts";
import { rowKey } from "../program/value.ts";
import type { Row } from "../program/value.ts";
import type { Trace, TraceMessage } from "./trace.ts";

/** What goes wrong in a run (language.md section 5). Times are simulated milliseconds; addresses may be the clients'. */
export type Fault =
  | { readonly kind: "delay"; readonly message: MessageSelector; readonly by: number }
  /** On a link between siblings, which never loses, the message is retransmitted and so comes late. */
  | { readonly kind: "lose"; readonly message: MessageSelector }
  /** A second copy arrives `after` the first would have. */
  | { readonly kind: "duplicate"; readonly message: MessageSelector; readonly after: number }
  /** What is sent on a cut link is lost; between siblings it waits for the heal. */
  | ({ readonly kind: "cut"; readonly at: number } & LinkSelector)
  | ({ readonly kind: "heal"; readonly at: number } & LinkSelector)
  /** A paused node does not tick; what arrives waits. */
  | { readonly kind: "pause"; readonly at: number; readonly node: string }
  | { readonly kind: "resume"; readonly at: number; readonly node: string }
  /** Stops with all siblings of its original node: they are one fault domain. */
  | { readonly kind: "crash"; readonly at: number; readonly node: string }
  /** Crashed nodes start again, all siblings together, with their durable relations and nothing else. */
  | { readonly kind: "restart"; readonly at: number; readonly node: string };

/** A message by what it says, so that a fault chosen in one run means the same in a run that differs elsewhere. */
export interface MessageSelector {
  readonly from: string;
  readonly to: string;
  readonly relation: RelationName;
  readonly row: Row;
  /** Which sending of this fact on this link, from 0. */
  readonly occurrence: number;
}

export interface LinkSelector {
  readonly from: string;
  readonly to: string;
  readonly bothWays: boolean;
}

export type MessageFault = Extract<Fault, { readonly message: MessageSelector }>;
export type TimedFault = Extract<Fault, { readonly at: number }>;

/** How a fault names the message with that id; what a click on a message needs. */
export function messageSelector(trace: Trace, id: number): MessageSelector {
  const message = trace.messages[id];
  if (message === undefined) throw new Error(`The trace has no message ${id}.`);
  const { from, to, relation, row } = message;
  const key = factKey(message);
  let occurrence = 0;
  for (const other of trace.messages.slice(0, id)) {
    if (other.fault !== "duplicate" && factKey(other) === key) occurrence++;
  }
  // A duplicate stands right behind the message it copies: the fault means that message.
  if (message.fault === "duplicate") occurrence--;
  return { from, to, relation, row, occurrence };
}

/** The message that a selector means in that run; undefined when the run never sends it. */
export function selectedMessage(trace: Trace, selector: MessageSelector): TraceMessage | undefined {
  const key = factKey(selector);
  const same = trace.messages.filter((m) => m.fault !== "duplicate" && factKey(m) === key);
  return same[selector.occurrence];
}

/** A message as it is sent. */
export interface SentFact {
  readonly from: string;
  readonly to: string;
  readonly fact: () => Fact;
}

/** A fault with the branch that it belongs to: 0 for the run's own, k for the k-th branch. */
export interface BranchFault<F extends Fault = Fault> {
  readonly fault: F;
  readonly branch: number;
}

/**
 * Finds the faults of each message as it is sent. Must be asked about every message, in the order of sending. Undefined
 * when no message has any.
 */
export function messageFaults(
  faults: readonly BranchFault[],
): ((message: SentFact) => readonly BranchFault<MessageFault>[]) | undefined {
  const selected = new Map<string, BranchFault<MessageFault>[]>();
  for (const { fault, branch } of faults) {
    if (!("message" in fault)) continue;
    const key = factKey(fault.message);
    selected.set(key, [...(selected.get(key) ?? []), { fault, branch }]);
  }
  if (selected.size === 0) return undefined;
  const seen = new Map<string, number>();
  return ({ from, to, fact }) => {
    const key = factKey({ from, to, ...fact() });
    const here = selected.get(key);
    if (here === undefined) return [];
    const occurrence = seen.get(key) ?? 0;
    seen.set(key, occurrence + 1);
    return here.filter(({ fault }) => fault.message.occurrence === occurrence);
  };
}

function factKey(message: Omit<MessageSelector, "occurrence">): string {
  return [message.from, message.to, message.relation, rowKey(message.row)].join("\u0000");
}
