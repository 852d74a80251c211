import type { NodeFigures, Results } from "./results.ts";

/** How busy the nodes of one component were; shares are of one core, 0 to 1. */
export interface BusyComponent {
  readonly component: string;
  readonly nodes: number;
  readonly mean: number;
  readonly most: BusyNode;
}

export interface BusyNode {
  readonly address: string;
  readonly busy: number;
  readonly figures: NodeFigures;
}

/** What limited a run, as far as the busy times tell. */
export type Limit = "node" | "clients" | "machine" | "nothing";

/** From this share of a core on, a process is said to be the limit. */
const SATURATED = 0.85;

/** Share of one core that a node's process used while it was measured. */
export function busyShare(figures: NodeFigures, results: Results): number {
  const seconds = figures.sampledSeconds ?? results.durationSeconds;
  return seconds > 0 ? figures.cpuSeconds / seconds : 0;
}

/** By component, in the order of the results. */
export function busyComponents(results: Results): readonly BusyComponent[] {
  const groups = new Map<string, BusyNode[]>();
  for (const [address, figures] of Object.entries(results.nodes)) {
    const own = groups.get(figures.component) ?? [];
    own.push({ address, busy: busyShare(figures, results), figures });
    groups.set(figures.component, own);
  }
  return [...groups].map(([component, nodes]) => ({
    component,
    nodes: nodes.length,
    mean: nodes.reduce((sum, node) => sum + node.busy, 0) / nodes.length,
    most: nodes.reduce(busier),
  }));
}

/** The component with the busiest node; undefined when no node was measured. */
export function busiestComponent(results: Results): BusyComponent | undefined {
  return busyComponents(results).reduce<BusyComponent | undefined>(
    (most, group) => (most === undefined || group.most.busy > most.most.busy ? group : most),
    undefined,
  );
}

/** Cores that all processes of the run used together: where nodes share a machine, that is its limit. */
export function coresUsed(results: Results): number {
  const nodes = Object.values(results.nodes);
  return nodes.reduce((sum, n) => sum + busyShare(n, results), clientsBusy(results));
}

function clientsBusy(results: Results): number {
  const { clientsCpuSeconds = 0, durationSeconds } = results;
  return durationSeconds > 0 ? clientsCpuSeconds / durationSeconds : 0;
}

/** A full machine comes first: then no process can get as much as it would use. */
export function limitOf(results: Results): Limit {
  const ownShare = coresUsed(results) / results.machine.cores;
  if (Math.max(ownShare, results.machineBusy ?? 0) >= SATURATED) return "machine";
  const busiest = busiestComponent(results)?.most.busy ?? 0;
  if (Math.max(busiest, clientsBusy(results)) < SATURATED) return "nothing";
  return clientsBusy(results) > busiest ? "clients" : "node";
}

/** What the busiest node does for a command, and what limited the run: two sentences. */
export function limitSentence(results: Results): string {
  const busiest = busiestComponent(results);
  if (busiest === undefined) return "No node was measured.";
  const { rowsIn, rowsOut } = busiest.most.figures;
  const answered = Math.max(1, results.answered);
  const perCommand = (rows: number): string => (rows / answered).toFixed(1);
  const work = `It receives ${perCommand(rowsIn)} and sends ${perCommand(rowsOut)} facts per command.`;
  return `${work} ${LIMIT_WORDS[limitOf(results)](results)}`;
}

const LIMIT_WORDS: Readonly<Record<Limit, (results: Results) => string>> = {
  node: () => "It has no more of its core to give.",
  clients: (results) =>
    `The clients' own process used ${percent(clientsBusy(results))} of a core, so it may be the limit instead.`,
  machine: (results) =>
    `This machine is the limit, not one node: its ${results.machine.cores} cores were in use, ${coresUsed(results).toFixed(1)} of them by this run. More nodes cannot help on it.`,
  nothing: () => "No process used up its core; the rest of the time went into waiting.",
};

/** 0.42 as "42 %". */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function busier(a: BusyNode, b: BusyNode): BusyNode {
  return b.busy > a.busy ? b : a;
}
