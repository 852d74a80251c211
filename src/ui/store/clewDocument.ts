import type { DocumentSource } from "../../workers/workspaceApi.ts";

/** What the user works on and the browser keeps: everything else is computed. */
export interface ClewDocument {
  readonly id: string;
  readonly name: string;
  readonly source: DocumentSource;
  /** The step that is shown: 0 is the base. */
  readonly at: number;
  /** Kept with the document: a reload must not forget what a deleted rule carried away. */
  readonly chosenIn?: ChosenIn | undefined;
}

/** What the steps' targets were chosen in: kept until every step applies again, so that undoing an edit mends it. */
export interface ChosenIn {
  readonly source: DocumentSource;
  /** For each step now, which it was there. */
  readonly was: readonly (number | undefined)[];
}

export interface Example {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
}

/** Shipped under `public/examples`; the first is what a new user sees. */
export const EXAMPLES: readonly Example[] = [
  { id: "kvs", name: "Verifiably replicated KVS", folder: "kvs" },
  { id: "voting", name: "Voting", folder: "voting" },
  { id: "twopc", name: "Two-phase commit", folder: "twopc" },
  { id: "paxos", name: "Multi-Paxos", folder: "paxos" },
  { id: "pbft", name: "PBFT, critical path", folder: "pbft" },
];

/** Fetches an example's text and deployment. Rejects with a sentence when they cannot be had. */
export async function fetchExample(example: Example): Promise<ClewDocument> {
  const base = `${import.meta.env.BASE_URL}examples/${example.folder}/base`;
  const [text, deployment] = await Promise.all([
    fetchOk(`${base}.ded`).then((response) => response.text()),
    fetchOk(`${base}.deployment.json`).then((response) => response.json() as Promise<unknown>),
  ]);
  return newDocument(example.name, { fileName: "base.ded", text, deployment, steps: [] });
}

export function newDocument(name: string, source: DocumentSource): ClewDocument {
  return { id: crypto.randomUUID(), name, source, at: 0 };
}

async function fetchOk(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} could not be read: ${response.status}.`);
  return response;
}
