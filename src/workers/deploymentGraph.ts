import { CLIENTS } from "../analysis/graphModel.ts";
import type { GraphEdge, GraphGroup, GraphModel, GraphNode } from "../analysis/graphModel.ts";
import type { Deployment } from "../program/deployment.ts";
import type { RelationName, RuleId } from "../program/program.ts";

/** Up to so many addresses, and lines between them, every address has a box of its own. */
const MOST_MACHINES = 8;
const MOST_LINES = 30;
/** More channels than that are not named in a box; the outline names them. */
const MOST_TAGS = 8;
const NAMED_ADDRESSES = 3;

type Channel = Extract<GraphNode, { readonly kind: "channel" }>;

/** A component, or the clients, that may send on a channel to another; `edge` is one of its lines in the dataflow. */
interface Flow {
  readonly from: string;
  readonly to: string;
  readonly channel: Channel;
  readonly edge: GraphEdge;
}

/**
 * The machines of a deployment: who may send to whom over which channels. A box is an address; where those are many, a
 * component with its addresses in words.
 */
export function deploymentGraph(
  graph: GraphModel,
  deployment: Deployment,
  apart = hasBoxPerAddress(graph, deployment),
): GraphModel {
  const flows = flowsOf(graph);
  const rules = rulesByGroup(graph);
  const boxes = graph.groups.map((group): readonly GraphGroup[] => {
    if (group.kind === "clients") return [clientsGroup(group, deployment.clients.address)];
    const here = addressesOf(group, deployment);
    const own = rules.get(group.id) ?? [];
    const untagged = untaggedChannels(group, flows);
    if (!apart || here.length === 0) return [componentBox(group, here, own, untagged)];
    return here.map((address) => addressBox(group, address, own, untagged));
  });
  const boxesOf = new Map(graph.groups.map((group, i) => [group.id, boxes[i]!]));
  return drawFlows(boxes.flat(), flows, boxesOf);
}

/** Each sender, channel and receiver once, in the dataflow's order. */
function flowsOf(graph: GraphModel): readonly Flow[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const flows = new Map<string, Flow>();
  for (const edge of graph.edges) {
    const channel = nodes.get(edge.to);
    if (edge.kind !== "message" || channel?.kind !== "channel") continue;
    const from = nodes.get(edge.from)?.group ?? edge.from;
    const key = `${from}>${channel.id}`;
    if (!flows.has(key)) flows.set(key, { from, to: channel.group, channel, edge });
  }
  return [...flows.values()];
}

/** Whether machines and lines are few enough for a box for each address; `times` as many count as few. */
export function hasBoxPerAddress(graph: GraphModel, deployment: Deployment, times = 1): boolean {
  const count = new Map(graph.groups.map((g) => [g.id, addressesOf(g, deployment).length]));
  const machines = [...count.values()].reduce((sum, here) => sum + here, 0);
  const boxes = (group: string): number => Math.max(1, count.get(group) ?? 1);
  const lines = flowsOf(graph).reduce((sum, { from, to }) => sum + boxes(from) * boxes(to), 0);
  return machines <= times * MOST_MACHINES && lines <= times * MOST_LINES;
}

function addressesOf(group: GraphGroup, deployment: Deployment): readonly string[] {
  return group.kind === "clients" ? [] : (deployment.instances[group.name] ?? []);
}

function clientsGroup(group: GraphGroup, address: string): GraphGroup {
  const words = `at ${address}, ${group.words}`;
  return { ...group, words, label: `Clients at ${address}, ${group.words}` };
}

function rulesByGroup(graph: GraphModel): ReadonlyMap<string, readonly RuleId[]> {
  const rules = new Map<string, RuleId[]>(graph.groups.map(({ id }) => [id, []]));
  for (const node of graph.nodes) {
    if (node.kind === "rule") rules.get(node.group)?.push(node.rule);
    if (node.kind === "relation") rules.get(node.group)?.push(...node.keptBy.map((k) => k.rule));
  }
  return rules;
}

/** What a component receives, when that is too much for a tag each. */
function untaggedChannels(group: GraphGroup, flows: readonly Flow[]): readonly RelationName[] {
  const received = flows.filter(({ to }) => to === group.id).map(({ channel }) => channel.relation);
  const each = [...new Set(received)];
  return each.length > MOST_TAGS ? each : [];
}

function addressBox(
  group: GraphGroup,
  address: string,
  rules: readonly RuleId[],
  untagged: readonly RelationName[],
): GraphGroup {
  const note = `${ruleCount(group)}${channelCount(untagged)}`;
  const runs = address === group.name ? "" : `runs ${group.name}`;
  return {
    ...group,
    id: `machine:${address}`,
    name: address,
    instances: 1,
    partitions: 1,
    words: runs,
    label: `Machine ${address}, runs ${group.name}, ${note}`,
    machines: { component: group.name, addresses: [address], rules, note, untagged },
  };
}

function componentBox(
  group: GraphGroup,
  addresses: readonly string[],
  rules: readonly RuleId[],
  untagged: readonly RelationName[],
): GraphGroup {
  const nodes = addresses.length === 0 ? "no address in the deployment" : group.words || "1 node";
  const words = `${nodes}${channelCount(untagged)}`;
  const note = addresses.length === 0 ? ruleCount(group) : addressWords(addresses);
  return {
    ...group,
    id: `machines:${group.name}`,
    words,
    label: `Machines of ${group.name}, ${words}, ${addresses.length === 0 ? note : `at ${note}`}`,
    machines: { component: group.name, addresses, rules, note, untagged },
  };
}

/** "a, b, c", "a, b, c and 12 more" */
export function addressWords(addresses: readonly string[]): string {
  const rest = addresses.length - NAMED_ADDRESSES;
  if (rest <= 1) return addresses.join(", ");
  return `${addresses.slice(0, NAMED_ADDRESSES).join(", ")} and ${rest} more`;
}

/** A tag for each channel in each box that receives it, and a line to it from each box that may send it. */
function drawFlows(
  groups: readonly GraphGroup[],
  flows: readonly Flow[],
  boxesOf: ReadonlyMap<string, readonly GraphGroup[]>,
): GraphModel {
  const nodes = new Map<string, GraphNode>();
  const edges = new Map<string, GraphEdge>();
  for (const flow of flows) {
    const { channel, edge } = flow;
    for (const receiver of boxesOf.get(flow.to) ?? []) {
      const tagged = (receiver.machines?.untagged.length ?? 0) === 0;
      const to = tagged ? `${receiver.id}/${channel.relation}` : receiver.id;
      if (tagged && !nodes.has(to)) {
        nodes.set(to, { ...channel, id: to, group: receiver.id, label: tagLabel(flow, flows) });
      }
      for (const sender of boxesOf.get(flow.from) ?? []) {
        const id = `${sender.id}>${to}`;
        if (!edges.has(id)) edges.set(id, { ...edge, id, from: sender.id, to, constant: false });
      }
    }
  }
  const sorted = groups.flatMap(({ id }) => [...nodes.values()].filter((n) => n.group === id));
  return { groups, nodes: sorted, edges: [...edges.values()] };
}

/** "Channel toStorage, storage, sent by leader" */
function tagLabel({ channel, to }: Flow, flows: readonly Flow[]): string {
  const senders = flows.filter((flow) => flow.channel.id === channel.id).map((flow) => flow.from);
  const names = [...new Set(senders)].map(componentName).join(", ");
  const where = to === CLIENTS ? "to clients" : componentName(to);
  return `Channel ${channel.relation}, ${where}, sent by ${names}`;
}

function componentName(group: string): string {
  return group.startsWith("component:") ? group.slice("component:".length) : group;
}

/** ", receives 12 channels" */
function channelCount({ length }: readonly RelationName[]): string {
  return length === 0 ? "" : `, receives ${length} channels`;
}

function ruleCount({ rules }: GraphGroup): string {
  return `${rules} ${rules === 1 ? "rule" : "rules"}`;
}
