import type { Clients, Deployment, Generator } from "../program/deployment.ts";
import type { RelationName } from "../program/program.ts";
import type { Row } from "../program/value.ts";
import { rowFromJson, rowToJson, valueFromJson, valueToJson } from "../program/valueJson.ts";
import type { RowJson } from "../program/valueJson.ts";
import { headerProblem } from "./header.ts";
import {
  arrayOf,
  checkJson,
  constant,
  dedalusValue,
  integerFrom,
  name,
  numberFrom,
  object,
  objectWith,
  pointerTo,
  recordOf,
  rows,
  tagged,
} from "./schema.ts";
import type { FileProblem, Typed } from "./schema.ts";

/** The schema of the clients' part, shared by deployments and plans. */
export const clientsSchema = objectWith(
  {
    address: name,
    input: name,
    answers: arrayOf(name),
    match: recordOf(recordOf(name)),
    template: recordOf(
      tagged({
        unique: object({}),
        counter: object({ from: integerFrom(Number.MIN_SAFE_INTEGER) }),
        payload: objectWith({}, { bytes: integerFrom(0, 1_048_576) }),
        choice: object({ of: arrayOf(dedalusValue) }),
      }),
    ),
    payloadBytes: integerFrom(0, 1_048_576),
  },
  { requests: integerFrom(0), think: numberFrom(0) },
);

/** The schema of `clew/deployment` version 1. */
export const deploymentSchema = objectWith(
  {
    format: constant("clew/deployment"),
    version: constant(1),
    instances: recordOf(arrayOf(name)),
    edb: recordOf(rows),
    clients: clientsSchema,
    seed: integerFrom(0),
  },
  {
    node: recordOf(recordOf(rows)),
    originals: recordOf(name),
    trusted: recordOf(arrayOf(name)),
    partitions: recordOf(integerFrom(1)),
  },
);

export type DeploymentJson = Typed<typeof deploymentSchema>;
export type ClientsJson = Typed<typeof clientsSchema>;
type RelationsJson = Readonly<Record<RelationName, readonly RowJson[]>>;

export type DeploymentRead =
  | { readonly kind: "ok"; readonly deployment: Deployment }
  | { readonly kind: "problems"; readonly problems: readonly FileProblem[] };

/** Reads a parsed deployment file (files.md, Deployment). Absent parts get their defaults. */
export function readDeployment(json: unknown): DeploymentRead {
  const header = headerProblem(json, "deployment", 1);
  if (header !== undefined) return { kind: "problems", problems: [header] };
  const checked = checkJson(deploymentSchema, json);
  if (checked.kind === "problems") return checked;
  const file = checked.value;
  const problems = placementProblems(file);
  if (problems.length > 0) return { kind: "problems", problems };
  return {
    kind: "ok",
    deployment: {
      instances: file.instances,
      edb: relationsFromJson(file.edb),
      node: mapRecord(file.node ?? {}, relationsFromJson),
      originals: file.originals ?? {},
      trusted: file.trusted ?? {},
      clients: clientsFromJson(file.clients),
      partitions: file.partitions ?? {},
      seed: file.seed,
    },
  };
}

/** The deployment as a `clew/deployment` document, ready for `JSON.stringify`; empty optional parts are left out. */
export function writeDeployment(deployment: Deployment): DeploymentJson {
  return {
    format: "clew/deployment",
    version: 1,
    instances: deployment.instances,
    edb: relationsToJson(deployment.edb),
    ...filled("node", mapRecord(deployment.node, relationsToJson)),
    ...filled("originals", deployment.originals),
    ...filled("trusted", deployment.trusted),
    clients: clientsToJson(deployment.clients),
    ...filled("partitions", deployment.partitions),
    seed: deployment.seed,
  };
}

/** An address is one node of one component, and the clients' address is none of them. */
function placementProblems(file: DeploymentJson): FileProblem[] {
  const problems: FileProblem[] = [];
  const placed = new Map<string, string>();
  for (const [component, addresses] of Object.entries(file.instances)) {
    addresses.forEach((address, i) => {
      const pointer = pointerTo(pointerTo("/instances", component), i);
      const other = placed.get(address);
      if (other !== undefined) {
        problems.push({
          pointer,
          message: `Address “${address}” already runs component “${other}”; an address runs one instance of one component.`,
        });
      } else if (address === file.clients.address) {
        problems.push({ pointer, message: `Address “${address}” is that of the clients.` });
      }
      placed.set(address, component);
    });
  }
  return problems;
}

export function relationsFromJson(
  json: RelationsJson,
): Readonly<Record<RelationName, readonly Row[]>> {
  return mapRecord(json, (relationRows) => relationRows.map((row) => checkedRow(row)));
}

export function relationsToJson(
  relations: Readonly<Record<RelationName, readonly Row[]>>,
): RelationsJson {
  return mapRecord(relations, (relationRows) => relationRows.map(rowToJson));
}

export function clientsFromJson(json: ClientsJson): Clients {
  return { ...json, template: mapRecord(json.template, generatorFromJson) };
}

export function clientsToJson(clients: Clients): ClientsJson {
  return { ...clients, template: mapRecord(clients.template, generatorToJson) };
}

type GeneratorJson = ClientsJson["template"][string];

function generatorFromJson(json: GeneratorJson): Generator {
  if (json.kind !== "choice") return json;
  return { kind: "choice", of: json.of.map((value) => valueFromJson(value) ?? impossible()) };
}

function generatorToJson(generator: Generator): GeneratorJson {
  if (generator.kind !== "choice") return generator;
  return { kind: "choice", of: generator.of.map(valueToJson) };
}

function checkedRow(row: RowJson): Row {
  return rowFromJson(row) ?? impossible();
}

function impossible(): never {
  throw new Error("the schema let something through that is no value");
}

/** Field by field, with no field name treated specially (`__proto__` included). */
function mapRecord<A, B>(
  record: Readonly<Record<string, A>>,
  change: (value: A) => B,
): Readonly<Record<string, B>> {
  return Object.fromEntries(Object.entries(record).map(([field, value]) => [field, change(value)]));
}

export function filled<K extends string, T extends object>(
  field: K,
  value: T,
): { readonly [P in K]?: T } {
  return Object.keys(value).length > 0 ? ({ [field]: value } as { [P in K]: T }) : {};
}
