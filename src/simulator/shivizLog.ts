import { factText } from "../evaluator/evaluationError.ts";
import { tickText } from "./trace.ts";
import type { Trace, TraceMessage } from "./trace.ts";

/** What ShiViz is told to read the log with: its own default. */
export const SHIVIZ_PARSER = "(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)";

type Clock = ReadonlyMap<string, number>;

/** Something that one host does: it knows of what it received, and what it sends knows of it. */
interface HostEvent {
  readonly host: string;
  readonly at: number;
  readonly text: string;
  readonly received: readonly number[];
  readonly sent: readonly number[];
}

/**
 * A run as ShiViz reads it: two lines an event, the host with its vector clock and what happened. An event is a tick of
 * a node, a request, or an answer received.
 */
export function shivizLog(trace: Trace): string {
  const hosts = new Map<string, HostEvent[]>();
  for (const event of eventsOf(trace)) {
    const own = hosts.get(event.host);
    if (own === undefined) hosts.set(event.host, [event]);
    else own.push(event);
  }
  const lines = clocked([...hosts.values()]);
  lines.sort((a, b) => a.event.at - b.event.at);
  return lines
    .map(({ event, clock }) => `${hostName(event.host)} ${clockText(clock)}\n${event.text}\n`)
    .join("");
}

/** Events of each host in its own order. */
function eventsOf(trace: Trace): readonly HostEvent[] {
  const nodes = new Set(trace.nodes.map((node) => node.address));
  const sentBy = new Map<number, number[]>();
  const events: HostEvent[] = [];
  const asked = new Map<string, { readonly message: TraceMessage; readonly sent: number[] }>();
  for (const message of trace.messages) {
    const { id, from, to, arrivedAt } = message;
    if (message.sentBy !== undefined) {
      sentBy.set(message.sentBy, [...(sentBy.get(message.sentBy) ?? []), id]);
    } else {
      const key = `${from} ${message.sentAt} ${factText(message)}`;
      const request = asked.get(key) ?? { message, sent: [] };
      request.sent.push(id);
      asked.set(key, request);
    }
    if (nodes.has(to) || arrivedAt === undefined) continue;
    const text = `received ${factText(message)}`;
    events.push({ host: to, at: arrivedAt, text, received: [id], sent: [] });
  }
  for (const { message, sent } of asked.values()) {
    const { from: host, sentAt: at } = message;
    events.push({ host, at, text: `asked ${factText(message)}`, received: [], sent });
  }
  // An answer lets its client go on at the same instant, so answers stand first.
  events.sort((a, b) => a.at - b.at || b.received.length - a.received.length);
  trace.ticks.forEach((report, index) => {
    const { node, at, arrived } = report;
    const sent = sentBy.get(index) ?? [];
    const text = `${tickText(report)} at ${at} ms${listed("received", trace, arrived)}${listed("sent", trace, sent)}`;
    events.push({ host: trace.nodes[node]!.address, at, text, received: arrived, sent });
  });
  return events;
}

function listed(what: string, trace: Trace, messages: readonly number[]): string {
  if (messages.length === 0) return "";
  return `; ${what} ${messages.map((id) => factText(trace.messages[id]!)).join(", ")}`;
}

interface Clocked {
  readonly event: HostEvent;
  readonly clock: Clock;
}

/** Hosts take turns, each going on until it waits for a message of an event that has no clock yet. */
function clocked(hosts: readonly (readonly HostEvent[])[]): Clocked[] {
  const done: Clocked[] = [];
  const carried = new Map<number, Clock>();
  const turns = hosts.map((events) => ({ events, next: 0, clock: new Map<string, number>() }));
  for (let before = -1; before !== done.length;) {
    before = done.length;
    for (const turn of turns) {
      for (
        let event = turn.events[turn.next];
        event !== undefined;
        event = turn.events[turn.next]
      ) {
        if (!event.received.every((id) => carried.has(id))) break;
        turn.clock = after(turn.clock, event, carried);
        for (const id of event.sent) carried.set(id, turn.clock);
        done.push({ event, clock: turn.clock });
        turn.next++;
      }
    }
  }
  return done;
}

function after(
  own: Clock,
  { host, received }: HostEvent,
  carried: ReadonlyMap<number, Clock>,
): Map<string, number> {
  const clock = new Map(own);
  for (const id of received) {
    for (const [name, count] of carried.get(id)!) {
      clock.set(name, Math.max(count, clock.get(name) ?? 0));
    }
  }
  clock.set(host, (own.get(host) ?? 0) + 1);
  return clock;
}

function clockText(clock: Clock): string {
  return JSON.stringify(Object.fromEntries([...clock].map(([host, n]) => [hostName(host), n])));
}

/** ShiViz ends a host's name at the first space. */
function hostName(host: string): string {
  return host.replaceAll(/\s/g, "_");
}
