import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Deployment } from "../program/deployment.ts";
import type { ComponentName } from "../program/program.ts";
import { jsonSha256 } from "./canonicalJson.ts";
import {
  clientsFromJson,
  clientsToJson,
  filled,
  relationsFromJson,
  relationsToJson,
} from "./deploymentFile.ts";
import { headerProblem } from "./header.ts";
import type { HostJson } from "./hostsFile.ts";
import { placeNodes } from "./placement.ts";
import { planSchema } from "./planFile.ts";
import type { ChannelJson, PlanJson, PlannedNodeJson } from "./planFile.ts";
import { placementProblems, programProblems } from "./planProblems.ts";
import { checkJson } from "./schema.ts";
import type { FileProblem } from "./schema.ts";

/** Everything a harness needs to run a program: `file` is what is kept, the rest is read from it. */
export interface Plan {
  readonly file: PlanJson;
  /** Of the file's canonical JSON: what results name the plan by. */
  readonly sha256: string;
  /** Of the file's program with the file's deployment. */
  readonly analyzed: AnalyzedProgram;
  readonly deployment: Deployment;
}

export type PlanRead =
  | { readonly kind: "ok"; readonly plan: Plan }
  | { readonly kind: "problems"; readonly problems: readonly FileProblem[] };

export interface PlanDescription {
  readonly name: string;
  /** The program in compact notation, as the printer writes it. */
  readonly program: string;
  /** The derivation document that led to it. */
  readonly derivation?: unknown;
  /** Where to place the nodes; without them whoever deploys chooses. */
  readonly hosts?: readonly HostJson[];
}

/** How a plan's program text becomes a program; the first thing wrong with it as a sentence. */
export type ProgramReader = (
  text: string,
  deployment: Deployment,
) =>
  | { readonly kind: "ok"; readonly analyzed: AnalyzedProgram }
  | { readonly kind: "problem"; readonly message: string };

/** The plan of an analysed program with its deployment, or what in them does not fit together. */
export function makePlan(p: AnalyzedProgram, description: PlanDescription): PlanRead {
  const deployment = p.deployment;
  if (deployment === undefined) {
    return problem("", "The program has no deployment, so there is nowhere to run it.");
  }
  const file: PlanJson = {
    format: "clew/plan",
    version: 1,
    name: description.name,
    program: description.program,
    ...(description.derivation === undefined ? {} : { derivation: description.derivation }),
    nodes: placed(plannedNodes(deployment), description.hosts),
    edb: relationsToJson(deployment.edb),
    channels: channels(p),
    durable: [...p.relations.values()].filter((r) => r.durable).map((r) => r.name),
    authentication: { links: "run-secret" },
    clients: clientsToJson(deployment.clients),
    ...filled("partitions", deployment.partitions),
    ...(description.hosts === undefined ? {} : { hosts: description.hosts }),
    seed: deployment.seed,
  };
  return checkedPlan(file, p, deployment);
}

/** Reads and checks a parsed plan file: its form, its program, and that both fit. */
export function readPlan(json: unknown, readProgram: ProgramReader): PlanRead {
  const header = headerProblem(json, "plan", 1);
  if (header !== undefined) return { kind: "problems", problems: [header] };
  const checked = checkJson(planSchema, json);
  if (checked.kind === "problems") return checked;
  const file = checked.value;
  const placement = placementProblems(file);
  if (placement.length > 0) return { kind: "problems", problems: placement };
  const deployment = plannedDeployment(file);
  const read = readProgram(file.program, deployment);
  if (read.kind === "problem") return problem("/program", read.message);
  return checkedPlan(file, read.analyzed, deployment);
}

function checkedPlan(file: PlanJson, analyzed: AnalyzedProgram, deployment: Deployment): PlanRead {
  const problems = programProblems(file, analyzed, channels(analyzed));
  if (problems.length > 0) return { kind: "problems", problems };
  return { kind: "ok", plan: { file, sha256: jsonSha256(file), analyzed, deployment } };
}

function placed(
  nodes: readonly PlannedNodeJson[],
  hosts: readonly HostJson[] | undefined,
): readonly PlannedNodeJson[] {
  return hosts === undefined ? nodes : placeNodes(nodes, hosts);
}

function plannedNodes(deployment: Deployment): PlannedNodeJson[] {
  const everyOriginal = [
    ...new Set(
      Object.values(deployment.instances)
        .flat()
        .map((at) => originalOf(deployment, at)),
    ),
  ];
  return Object.entries(deployment.instances).flatMap(([component, addresses]) =>
    addresses.map((address) => {
      const original = originalOf(deployment, address);
      const partition = partitionOf(deployment, component, address);
      return {
        address,
        component,
        ...(partition === undefined ? {} : { partition }),
        original,
        faultDomain: original,
        edb: relationsToJson(own(deployment.node, address) ?? {}),
        keys: { own: original, trusted: own(deployment.trusted, component) ?? everyOriginal },
        host: "assign",
        port: "assign" as const,
      };
    }),
  );
}

function originalOf(deployment: Deployment, address: string): string {
  return own(deployment.originals, address) ?? address;
}

/** Its place among its siblings that run the same component, from 0. */
function partitionOf(
  deployment: Deployment,
  component: ComponentName,
  address: string,
): number | undefined {
  if (own(deployment.partitions, component) === undefined) return undefined;
  const original = originalOf(deployment, address);
  return (own(deployment.instances, component) ?? [])
    .filter((sibling) => originalOf(deployment, sibling) === original)
    .indexOf(address);
}

function channels(p: AnalyzedProgram): ChannelJson[] {
  const input = p.deployment?.clients.input;
  return [...p.relations.values()]
    .filter((r) => r.kind === "chan" || r.name === input)
    .map((r) => ({
      relation: r.name,
      from: r.derivedBy,
      to: r.readBy,
      fromClients: r.name === input,
      toClients: r.toClients,
    }));
}

/** The deployment that a plan was made of. */
function plannedDeployment(file: PlanJson): Deployment {
  const instances = new Map<ComponentName, string[]>();
  for (const node of file.nodes) {
    instances.set(node.component, [...(instances.get(node.component) ?? []), node.address]);
  }
  return {
    instances: Object.fromEntries(instances),
    edb: relationsFromJson(file.edb),
    node: Object.fromEntries(
      file.nodes
        .filter((n) => Object.keys(n.edb).length > 0)
        .map((n) => [n.address, relationsFromJson(n.edb)]),
    ),
    originals: Object.fromEntries(
      file.nodes.filter((n) => n.original !== n.address).map((n) => [n.address, n.original]),
    ),
    trusted: Object.fromEntries(file.nodes.map((n) => [n.component, n.keys.trusted])),
    clients: clientsFromJson(file.clients),
    partitions: file.partitions ?? {},
    seed: file.seed,
  };
}

function problem(pointer: string, message: string): PlanRead {
  return { kind: "problems", problems: [{ pointer, message }] };
}

function own<T>(record: Readonly<Record<string, T>>, field: string): T | undefined {
  return Object.hasOwn(record, field) ? record[field] : undefined;
}
