import { endingOf } from "../../program/programFiles.ts";
import { download } from "./download.ts";
import { useClew } from "../store/clewStore.ts";
import {
  fetchExample,
  fetchExampleFile,
  FIRST_EXAMPLE,
  newDocument,
} from "../store/clewDocument.ts";
import type { ClewDocument, Example } from "../store/clewDocument.ts";
import { currentDocument, keptDocument, recentDocuments } from "../store/documentStorage.ts";
import { workspace } from "../store/workspaceClient.ts";

/** What this tab had open, or the first example. */
export async function startDocument(): Promise<void> {
  const { document, openDocument } = useClew.getState();
  if (document !== undefined) return;
  const kept = await currentDocument();
  // A second start (development) or a quick click may have opened one meanwhile.
  if (useClew.getState().document !== undefined) return;
  if (kept !== undefined) openDocument(kept);
  else await openExample(FIRST_EXAMPLE);
}

export async function openExample(example: Example): Promise<void> {
  const { openDocument, report } = useClew.getState();
  try {
    const fresh = await withDerivation(await fetchExample(example), example);
    openDocument((await untouched(fresh)) ?? fresh);
  } catch (error) {
    report(`The example ${example.name} could not be opened: ${message(error)}`);
  }
}

/** The example with its derivation's steps, standing at the last. */
async function withDerivation(document: ClewDocument, example: Example): Promise<ClewDocument> {
  if (example.derivation === undefined) return document;
  const file = await fetchExampleFile(example, `${example.derivation}.derivation.json`);
  const { source } = document;
  const read = await workspace().call("importDerivation", {
    document: source,
    json: await file.json(),
  });
  if (read.kind === "refused") throw new Error(read.message);
  return { ...document, source: { ...source, steps: read.steps }, at: read.steps.length };
}

/** The same example as it is kept already, unchanged: opening it again need not push out anything. */
async function untouched(example: ClewDocument): Promise<ClewDocument | undefined> {
  for (const { id, name } of recentDocuments()) {
    if (name !== example.name) continue;
    const kept = await keptDocument(id);
    if (JSON.stringify(kept?.source) === JSON.stringify(example.source)) return kept;
  }
  return undefined;
}

export async function openRecent(id: string): Promise<void> {
  const { openDocument, report } = useClew.getState();
  const document = await keptDocument(id);
  if (document === undefined) report("That document is no longer kept in this browser.");
  else openDocument(document);
}

export function openNew(): void {
  // Something that runs: an empty block would greet with an error.
  const text = "component server {\n  answer(text)@async(client) :- ask(client, text)\n}\n";
  useClew
    .getState()
    .openDocument(
      newDocument("Untitled", { fileName: "base.ded", text, deployment: null, steps: [] }),
    );
}

export type Saved = "program" | "shown" | "paper" | "derivation" | "deployment";

/** Saves a part of the document as a file: a program as text, the rest as JSON. */
export async function saveDocument(what: Saved): Promise<void> {
  const { document, replay, report } = useClew.getState();
  if (document === undefined) return;
  const name = document.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  const { source, at } = document;
  switch (what) {
    case "program":
      return download(`${name}${endingOf(source.fileName)}`, source.text);
    case "shown":
      return download(`${name}-step-${at}.ded`, replay?.steps[at]?.view?.text ?? source.text);
    case "deployment":
      return download(`${name}.deployment.json`, pretty(source.deployment));
    case "paper": {
      const request = { document: source, at, to: "paper" } as const;
      const answer = await workspace().call("convert", request);
      if (answer.kind === "refused") return report(`Not in paper notation: ${answer.message}`);
      return download(`${name}-step-${at}-paper.ded`, answer.text);
    }
    case "derivation": {
      try {
        const { json } = await workspace().call("exportDerivation", {
          document: source,
          name: source.fileName,
        });
        return download(`${name}.derivation.json`, pretty(json));
      } catch (error) {
        return report(`The derivation could not be saved: ${message(error)}`);
      }
    }
  }
}

function pretty(json: unknown): string {
  return `${JSON.stringify(json, undefined, 2)}\n`;
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
