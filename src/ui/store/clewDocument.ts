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
  readonly name: string;
  /** Under `public/examples`. */
  readonly folder: string;
  /** The derivation that it is opened with, by the name of its file. */
  readonly derivation?: string;
  /** The deployment that it begins with where that is not the base's, by the name of its file. */
  readonly deployment?: string;
}

/** What a new user sees. */
export const FIRST_EXAMPLE: Example = { name: "Verifiably replicated KVS", folder: "kvs" };

/** Fetches an example's text and deployment, without its derivation. Rejects with a sentence when they cannot be had. */
export async function fetchExample(example: Example): Promise<ClewDocument> {
  const [text, deployment] = await Promise.all([
    fetchExampleFile(example, "base.ded").then((response) => response.text()),
    fetchExampleFile(example, `${example.deployment ?? "base"}.deployment.json`).then(
      (response) => response.json() as Promise<unknown>,
    ),
  ]);
  return newDocument(example.name, { fileName: "base.ded", text, deployment, steps: [] });
}

export async function fetchExampleFile({ folder }: Example, file: string): Promise<Response> {
  const url = `${import.meta.env.BASE_URL}examples/${folder}/${file}`;
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} could not be read: ${response.status}.`);
  return response;
}

export function newDocument(name: string, source: DocumentSource): ClewDocument {
  return { id: crypto.randomUUID(), name, source, at: 0 };
}
