import { useClew } from "../store/clewStore.ts";
import { fetchExample, fetchExampleFile, FIRST_EXAMPLE } from "../store/clewDocument.ts";
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

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
