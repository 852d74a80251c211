import type { Trace, TraceMessage } from "./trace.ts";

/**
 * What could be seen of a run by that time, its end included: messages under way without what becomes of them later.
 * Two runs of which one branches off the other have the same prefix.
 */
export function tracePrefix(trace: Trace, at: number): Trace {
  const strays = trace.strays?.filter((stray) => stray.at <= at) ?? [];
  return {
    seed: trace.seed,
    nodes: trace.nodes,
    messages: trace.messages.filter((m) => m.sentAt <= at).map((m) => seenBy(m, at)),
    ticks: trace.ticks.filter((tick) => tick.at <= at),
    requests: trace.requests
      .filter((request) => request.sentAt <= at)
      .map((request) => ({ ...request, answers: request.answers.filter((a) => a.at <= at) })),
    ...(strays.length > 0 ? { strays } : {}),
    end: { kind: "cancelled", at: Math.min(at, trace.end.at) },
  };
}

function seenBy(message: TraceMessage, at: number): TraceMessage {
  if (message.arrivedAt !== undefined && message.arrivedAt <= at) return message;
  const { id, from, to, relation, row, sentAt, sentBy } = message;
  return { id, from, to, relation, row, sentAt, ...(sentBy === undefined ? {} : { sentBy }) };
}
