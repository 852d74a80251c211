import { endingOf } from "../../program/programFiles.ts";
import { useClew } from "../store/clewStore.ts";
import { workspace } from "../store/workspaceClient.ts";
import { download } from "./download.ts";

export type Saved = "program" | "shown" | "paper" | "derivation" | "deployment";

/** Saves a part of the document as a file: a program as text, the rest as JSON. */
export async function saveDocument(what: Saved): Promise<void> {
  const { document, replay, report } = useClew.getState();
  if (document === undefined) return;
  const name = document.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  const { source, at } = document;
  switch (what) {
    case "program":
      download(`${name}${endingOf(source.fileName)}`, source.text);
      for (const file of source.includes ?? []) download(file.name, file.text);
      return;
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
