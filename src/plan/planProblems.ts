import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { resolveClients } from "../analysis/resolveClients.ts";
import { canonicalJson } from "./canonicalJson.ts";
import { hostProblems } from "./hostsFile.ts";
import type { HostJson } from "./hostsFile.ts";
import type { ChannelJson, PlanJson } from "./planFile.ts";
import { pointerTo } from "./schema.ts";
import type { FileProblem } from "./schema.ts";

type Add = (pointer: string, message: string) => void;

/** What is wrong with a plan's placement by itself, whatever its program. */
export function placementProblems(file: PlanJson): readonly FileProblem[] {
  const [problems, add] = collector();
  const seen = new Set<string>([file.clients.address]);
  const trusted = new Map<string, string>();
  file.nodes.forEach((node, i) => {
    const at = `/nodes/${i}`;
    if (seen.has(node.address)) {
      const whose = node.address === file.clients.address ? "that of the clients" : "used twice";
      add(`${at}/address`, `Address “${node.address}” is ${whose}.`);
    }
    seen.add(node.address);
    const of = file.partitions?.[node.component];
    if (node.partition !== undefined && (of === undefined || node.partition >= of)) {
      add(
        `${at}/partition`,
        `Node “${node.address}” is partition ${node.partition} of component “${node.component}”, which has ${of ?? "none"}.`,
      );
    }
    if (node.keys.own !== node.original) {
      add(
        `${at}/keys/own`,
        `Node “${node.address}” signs with the keys of “${node.keys.own}”, but its original is “${node.original}”.`,
      );
    }
    const accepts = canonicalJson(node.keys.trusted);
    if ((trusted.get(node.component) ?? accepts) !== accepts) {
      add(
        `${at}/keys/trusted`,
        `Nodes of component “${node.component}” do not all trust the same originals.`,
      );
    }
    trusted.set(node.component, accepts);
    if (file.hosts !== undefined && !isHost(node.host, file.hosts)) {
      add(
        `${at}/host`,
        `Node “${node.address}” is on host “${node.host}”, which is not among the plan's hosts.`,
      );
    }
  });
  missingPartitions(file, add);
  return [...problems, ...hostProblems(file.hosts ?? [], "/hosts")];
}

/** Each original node of a partitioned component has all of its partitions: what is sent to one that is nowhere is lost. */
function missingPartitions(file: PlanJson, add: Add): void {
  const placed = new Map<
    string,
    { readonly of: PlanJson["nodes"][number]; numbers: Set<number> }
  >();
  for (const node of file.nodes) {
    if (node.partition === undefined) continue;
    const family = JSON.stringify([node.component, node.original]);
    const known = placed.get(family) ?? { of: node, numbers: new Set<number>() };
    placed.set(family, known);
    known.numbers.add(node.partition);
  }
  for (const { of, numbers } of placed.values()) {
    const count = file.partitions?.[of.component] ?? 0;
    const missing = Array.from({ length: count }, (_, i) => i).filter((i) => !numbers.has(i));
    if (missing.length === 0) continue;
    add(
      "/nodes",
      `Component “${of.component}” has ${count} partitions, but no node runs partition ${missing.join(", ")} of “${of.original}”.`,
    );
  }
}

function isHost(host: string, hosts: readonly HostJson[]): boolean {
  return host === "assign" || hosts.some((h) => h.name === host);
}

/** What of a plan does not fit its program: `expected` are the channels that the program has. */
export function programProblems(
  file: PlanJson,
  p: AnalyzedProgram,
  expected: readonly ChannelJson[],
): readonly FileProblem[] {
  const [problems, add] = collector();
  rowsProblems(file.edb, p, "/edb", add);
  file.nodes.forEach((node, i) => rowsProblems(node.edb, p, `/nodes/${i}/edb`, add));
  if (problems.length > 0) return problems;
  const fault = p.faults.find((f) => f.severity === "error");
  if (fault !== undefined) return [{ pointer: "/program", message: fault.message }];
  componentProblems(file, p, add);
  channelProblems(file.channels, expected, add);
  durableProblems(file.durable, p, add);
  clientProblems(p, add);
  return problems;
}

function componentProblems(file: PlanJson, p: AnalyzedProgram, add: Add): void {
  const components = p.program.components.map((c) => c.name);
  file.nodes.forEach((node, i) => {
    if (components.includes(node.component)) return;
    add(
      `/nodes/${i}/component`,
      `Node “${node.address}” runs component “${node.component}”, which the program does not have; it has ${components.join(", ")}.`,
    );
  });
  for (const component of Object.keys(file.partitions ?? {})) {
    if (components.includes(component)) continue;
    add(pointerTo("/partitions", component), `The program has no component “${component}”.`);
  }
  for (const component of components) {
    if (file.nodes.some((node) => node.component === component)) continue;
    add("/nodes", `No node runs component “${component}”.`);
  }
}

function rowsProblems(relations: PlanJson["edb"], p: AnalyzedProgram, at: string, add: Add): void {
  for (const [relation, rows] of Object.entries(relations)) {
    const arity = p.relations.get(relation)?.arity;
    rows.forEach((row, i) => {
      if (arity === undefined || row.length === arity) return;
      add(
        pointerTo(pointerTo(at, relation), i),
        `A row of “${relation}” has ${row.length} values, but the program uses it with ${arity}.`,
      );
    });
  }
}

function channelProblems(
  found: readonly ChannelJson[],
  expected: readonly ChannelJson[],
  add: Add,
): void {
  const byName = new Map(expected.map((channel) => [channel.relation, channel]));
  found.forEach((channel, i) => {
    const right = byName.get(channel.relation);
    byName.delete(channel.relation);
    if (right === undefined) {
      add(`/channels/${i}`, `The program sends no relation “${channel.relation}”.`);
    } else if (canonicalJson(right) !== canonicalJson(channel)) {
      add(
        `/channels/${i}`,
        `The routing of “${channel.relation}” does not fit the program; expected ${canonicalJson(right)}.`,
      );
    }
  });
  for (const relation of byName.keys()) add("/channels", `The channel “${relation}” is missing.`);
}

function durableProblems(found: readonly string[], p: AnalyzedProgram, add: Add): void {
  const expected = [...p.relations.values()].filter((r) => r.durable).map((r) => r.name);
  if (canonicalJson([...found].sort()) === canonicalJson([...expected].sort())) return;
  add("/durable", `The program's durable relations are ${expected.join(", ") || "none"}.`);
}

function clientProblems(p: AnalyzedProgram, add: Add): void {
  const resolution = resolveClients(p);
  if (resolution.kind === "resolved") return;
  for (const fault of resolution.faults) add("/clients", fault.message);
}

function collector(): readonly [FileProblem[], Add] {
  const problems: FileProblem[] = [];
  return [problems, (pointer, message) => problems.push({ pointer, message })];
}
