import type { Program, RelationName } from "../../program/program.ts";
import type { Trace, TraceMessage } from "../../simulator/trace.ts";
import { lanesOf } from "./timeline.ts";

/** What a filter takes out of the panels and the diagram. What is new is shown until it is hidden. */
export interface Hidden {
  readonly relations: ReadonlySet<RelationName>;
  /** Addresses, the clients' among them. */
  readonly nodes: ReadonlySet<string>;
}

export const NOTHING_HIDDEN: Hidden = { relations: new Set(), nodes: new Set() };

/** What may be hidden together. */
export interface FilterGroup {
  readonly name: string;
  readonly members: readonly string[];
}

/** Addresses by component, clients first: those of all runs together. */
export function nodeGroups(traces: readonly Trace[]): readonly FilterGroup[] {
  const groups = new Map<string, Set<string>>([["clients", new Set()]]);
  const seen = new Set<string>();
  for (const trace of traces) {
    const components = new Map(trace.nodes.map((node) => [node.address, node.component]));
    for (const address of lanesOf(trace)) {
      const name = components.get(address) ?? "clients";
      if (seen.has(address)) continue;
      seen.add(address);
      groups.set(name, (groups.get(name) ?? new Set()).add(address));
    }
  }
  return inOrder(groups);
}

/** What is sent, and what nodes derive for themselves. */
export function relationGroups(
  programs: readonly Program[],
  input: RelationName | undefined,
): readonly FilterGroup[] {
  const sent = new Set<RelationName>(input === undefined ? [] : [input]);
  const own = new Set<RelationName>();
  for (const { head } of programs.flatMap((p) => p.components.flatMap((c) => c.rules))) {
    (head.timing.kind === "async" ? sent : own).add(head.relation);
  }
  const derived = [...own].filter((relation) => !sent.has(relation));
  return inOrder(
    new Map([
      ["messages", new Set([...sent].sort())],
      ["facts of a node’s own", new Set(derived.sort())],
    ]),
  );
}

function inOrder(groups: ReadonlyMap<string, ReadonlySet<string>>): readonly FilterGroup[] {
  return [...groups].flatMap(([name, members]) =>
    members.size === 0 ? [] : [{ name, members: [...members] }],
  );
}

/** Hides all of them, or shows all when none of them was shown. */
export function toggled(
  hidden: ReadonlySet<string>,
  members: readonly string[],
): ReadonlySet<string> {
  const next = new Set(hidden);
  const someShown = members.some((member) => !hidden.has(member));
  for (const member of members) {
    if (someShown) next.add(member);
    else next.delete(member);
  }
  return next;
}

export function isShown(hidden: Hidden, message: TraceMessage): boolean {
  const { relations, nodes } = hidden;
  return !relations.has(message.relation) && !nodes.has(message.from) && !nodes.has(message.to);
}

/** A run as far as a filter lets it be seen. */
export interface ShownRun {
  /** The whole run's nodes, so that ticks still name theirs; the messages and ticks that are shown. */
  readonly trace: Trace;
  readonly lanes: readonly string[];
}

const shown = new WeakMap<Trace, { readonly hidden: Hidden; readonly run: ShownRun }>();

/** Worked out once for a run and a filter. */
export function shownRun(trace: Trace, hidden: Hidden): ShownRun {
  const known = shown.get(trace);
  if (known?.hidden === hidden) return known.run;
  const run: ShownRun = {
    lanes: lanesOf(trace).filter((address) => !hidden.nodes.has(address)),
    trace: isNothing(hidden)
      ? trace
      : {
          ...trace,
          messages: trace.messages.filter((message) => isShown(hidden, message)),
          ticks: trace.ticks.filter(
            ({ node }) => !hidden.nodes.has(trace.nodes[node]?.address ?? ""),
          ),
        },
  };
  shown.set(trace, { hidden, run });
  return run;
}

export function isNothing(hidden: Hidden): boolean {
  return hidden.relations.size === 0 && hidden.nodes.size === 0;
}

/** How much of what there is a filter takes away, in words; undefined when it is nothing. */
export function hiddenText(hidden: Hidden, traces: readonly Trace[]): string | undefined {
  if (isNothing(hidden)) return undefined;
  const lanes = new Set(traces.flatMap((trace) => lanesOf(trace)));
  const nodes = [...lanes].filter((address) => hidden.nodes.has(address)).length;
  const messages = traces
    .map((trace) => trace.messages.length - shownRun(trace, hidden).trace.messages.length)
    .reduce((sum, each) => sum + each, 0);
  const parts = [
    counted(hidden.relations.size, "relation"),
    counted(nodes, "node"),
    counted(messages, "message"),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : `${parts.join(", ")} hidden`;
}

function counted(count: number, what: string): string | undefined {
  return count === 0 ? undefined : `${count} ${what}${count === 1 ? "" : "s"}`;
}
