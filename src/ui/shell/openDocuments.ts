import { useEffect } from "react";
import { useClew } from "../store/clewStore.ts";
import { EXAMPLES, fetchExample, newDocument } from "../store/clewDocument.ts";
import type { Example } from "../store/clewDocument.ts";
import { currentDocument, keepDocument, keptDocument } from "../store/documentStorage.ts";
import { workspace } from "../store/workspaceClient.ts";

/** Larger texts are refused here, before any editor or worker is asked to hold them. */
const MAX_TEXT_BYTES = 1_000_000;
const AUTOSAVE_MILLISECONDS = 150;

/** What this tab had open, or the first example. */
export async function startDocument(): Promise<void> {
  const { document, openDocument } = useClew.getState();
  if (document !== undefined) return;
  const kept = await currentDocument();
  // A second start (development) or a quick click may have opened one meanwhile.
  if (useClew.getState().document !== undefined) return;
  if (kept !== undefined) openDocument(kept);
  else await openExample(EXAMPLES[0]!);
}

export async function openExample(example: Example): Promise<void> {
  const { openDocument, report } = useClew.getState();
  try {
    openDocument(await fetchExample(example));
  } catch (error) {
    report(`The example ${example.name} could not be opened: ${message(error)}`);
  }
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

/** A program opens a document; a deployment, derivation or saved document goes where it belongs. */
export async function openFile(file: File): Promise<void> {
  const { report } = useClew.getState();
  if (file.size > MAX_TEXT_BYTES) {
    report(`${file.name} has ${Math.round(file.size / 1000)} KB; Clew reads up to 1,000 KB.`);
    return;
  }
  const text = await file.text();
  if (!file.name.endsWith(".json")) {
    const name = file.name.replace(/\.[^.]*$/, "");
    const source = { fileName: file.name, text, deployment: null, steps: [] };
    useClew.getState().openDocument(newDocument(name, source));
    return;
  }
  try {
    await openJson(file.name, JSON.parse(text) as unknown);
  } catch (error) {
    report(`${file.name} could not be read: ${message(error)}`);
  }
}

async function openJson(fileName: string, json: unknown): Promise<void> {
  const { document, report, setDeployment, replaceSteps } = useClew.getState();
  const format =
    typeof json === "object" && json !== null && "format" in json ? json.format : undefined;
  if (format === "clew/deployment") return setDeployment(json);
  if (document === undefined || format !== "clew/derivation") {
    return report(`${fileName} is neither a program, a deployment nor a derivation.`);
  }
  const answer = await workspace().call("importDerivation", { document: document.source, json });
  if (answer.kind === "refused") return report(`${fileName}: ${answer.message}`);
  replaceSteps(answer.steps);
  if (answer.notices.length > 0) report(answer.notices.join(" "));
}

/** The picker of the system; the file arrives as if it had been dropped. */
export function pickFile(): void {
  const input = globalThis.document.createElement("input");
  input.type = "file";
  input.accept = ".ded,.txt,.json,text/plain,application/json";
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file !== undefined) void openFile(file);
  });
  input.click();
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
      return download(`${name}.ded`, source.text);
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

/** Keeps the document in the browser shortly after every change, and at once when the page goes away. */
export function useAutosave(): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const save = (): void => {
      clearTimeout(timer);
      timer = undefined;
      const { document, report } = useClew.getState();
      if (document === undefined) return;
      void keepDocument(document).then((problem) => {
        if (problem !== undefined) report(problem);
      });
    };
    const stop = useClew.subscribe((state, before) => {
      if (state.document !== before.document) timer ??= setTimeout(save, AUTOSAVE_MILLISECONDS);
    });
    window.addEventListener("pagehide", save);
    return () => {
      stop();
      window.removeEventListener("pagehide", save);
    };
  }, []);
}

function download(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = globalThis.document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

function pretty(json: unknown): string {
  return `${JSON.stringify(json, undefined, 2)}\n`;
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
