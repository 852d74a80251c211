import type { Clients, Generator } from "../program/deployment.ts";
import type { Fault } from "../program/evidence.ts";
import type { ComponentName, RelationName } from "../program/program.ts";
import type { AnalyzedProgram, RelationInfo } from "./analyzedProgram.ts";
import { nearestName } from "../program/nearestName.ts";
import { quoted } from "./wording.ts";

/** The deployment's clients, with attribute names turned into column indices. */
export interface ResolvedClients {
  readonly input: RelationName;
  /** Components that read the input: a request goes to every instance of each. */
  readonly readers: readonly ComponentName[];
  /** One generator for each column of the input, in order. */
  readonly generators: readonly Generator[];
  /** For each answer relation, the columns whose equality makes it the answer to a request. */
  readonly answers: ReadonlyMap<RelationName, readonly ColumnMatch[]>;
}

export interface ColumnMatch {
  readonly answer: number;
  readonly input: number;
}

export type Resolution =
  | { readonly kind: "resolved"; readonly clients: ResolvedClients }
  | { readonly kind: "faults"; readonly faults: readonly [Fault, ...Fault[]] };

/** Resolves `clients` of the deployment against the program's relations (files.md, Deployment). */
export function resolveClients(p: AnalyzedProgram): Resolution {
  const faults: Fault[] = [];
  const clients = p.deployment?.clients;
  if (clients === undefined) {
    return { kind: "faults", faults: [fault("", "There is no deployment, so no clients.")] };
  }
  const input = p.relations.get(clients.input);
  if (input === undefined || input.readBy.length === 0) {
    const message = `Clients send ${quoted(clients.input)}, which no component reads.`;
    return { kind: "faults", faults: [fault(clients.input, message)] };
  }
  const generators = resolveTemplate(clients, input, faults);
  const answers = new Map<RelationName, readonly ColumnMatch[]>();
  for (const name of clients.answers) {
    answers.set(name, resolveAnswer(p, clients, input, name, faults));
  }
  const [first, ...rest] = faults;
  if (first !== undefined) return { kind: "faults", faults: [first, ...rest] };
  const { readBy: readers, name } = input;
  return { kind: "resolved", clients: { input: name, readers, generators, answers } };
}

function fault(relation: RelationName, message: string): Fault {
  return {
    severity: "error",
    code: "clients-mismatch",
    message,
    place: { kind: "relation", relation },
    related: [],
  };
}

function resolveTemplate(
  clients: Clients,
  input: RelationInfo,
  faults: Fault[],
): readonly Generator[] {
  for (const name of Object.keys(clients.template)) {
    column(input, name, "The template of the clients", faults);
  }
  return input.attributes.flatMap(({ name }) => {
    const generator = clients.template[name];
    if (generator !== undefined) return [generator];
    const message = `The template of the clients says nothing about ${quoted(name)} of ${quoted(input.name)}.`;
    faults.push(fault(input.name, message));
    return [];
  });
}

function resolveAnswer(
  p: AnalyzedProgram,
  clients: Clients,
  input: RelationInfo,
  name: RelationName,
  faults: Fault[],
): readonly ColumnMatch[] {
  const answer = p.relations.get(name);
  if (answer === undefined || answer.derivedBy.length === 0) {
    faults.push(fault(name, `Clients wait for ${quoted(name)}, which no rule sends.`));
    return [];
  }
  const pairs = Object.entries(clients.match[name] ?? {});
  if (pairs.length === 0) {
    const message = `The deployment does not say which attribute of ${quoted(name)} tells whose answer it is.`;
    faults.push(fault(name, message));
  }
  return pairs.flatMap(([answerName, inputName]) => {
    const where = `The match of answer ${quoted(name)}`;
    const a = column(answer, answerName, where, faults);
    const b = column(input, inputName, where, faults);
    return a === undefined || b === undefined ? [] : [{ answer: a, input: b }];
  });
}

function column(
  relation: RelationInfo,
  attribute: string,
  where: string,
  faults: Fault[],
): number | undefined {
  const names = relation.attributes.map(({ name }) => name);
  const index = names.indexOf(attribute);
  if (index >= 0) return index;
  const nearest = nearestName(attribute, names);
  const has =
    nearest === undefined
      ? `it has ${names.map(quoted).join(", ") || "none"}`
      : `perhaps ${quoted(nearest)} is meant`;
  faults.push(
    fault(
      relation.name,
      `${where} names ${quoted(attribute)}, which ${quoted(relation.name)} does not have; ${has}.`,
    ),
  );
  return undefined;
}
