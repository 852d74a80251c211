import { newDocument } from "../store/clewDocument.ts";
import { useClew } from "../store/clewStore.ts";

export function openNew(): void {
  // Something that runs: an empty block would greet with an error.
  const text = "component server {\n  answer(text)@async(client) :- ask(client, text)\n}\n";
  useClew
    .getState()
    .openDocument(
      newDocument("Untitled", { fileName: "base.ded", text, deployment: null, steps: [] }),
    );
}
