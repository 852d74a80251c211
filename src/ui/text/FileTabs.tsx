import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import type { ClewDocument } from "../store/clewDocument.ts";
import { clewStore, useClew } from "../store/clewStore.ts";
import { shownView } from "../store/selectors.ts";
import { language, languageText } from "./languageWorker.ts";
import { shownFile, showFile, useShownFile } from "./shownFile.ts";

/** The files that the base is made of, where it includes any: one of them is edited, all of them are the program. */
export function FileTabs(): ReactNode {
  const document = useClew((state) => state.document);
  // Which of them is shown is told apart by the document, too.
  useShownFile();
  const missing = useMissing();
  if (document === undefined || document.at > 0) return null;
  const { includes = [], fileName } = document.source;
  if (includes.length === 0 && missing.length === 0) return null;
  const shown = shownFile(document)?.name;
  const names = [undefined, ...includes.map(({ name }) => name)];
  return (
    <div className="tab-group file-tabs" role="group" aria-label="Files of the program">
      {names.map((name) => (
        <button
          key={name ?? ""}
          className="tab-button"
          aria-pressed={name === shown}
          onClick={() => showFile(document, name)}
        >
          {name ?? fileName}
        </button>
      ))}
      {missing.map((name) => (
        <button
          key={name}
          className="tab-button"
          title="It is included and not here: drop it, or begin it empty."
          onClick={() => create(document, name)}
        >
          Create {name}
        </button>
      ))}
    </div>
  );
}

function create(document: ClewDocument, name: string): void {
  const { text, includes = [] } = document.source;
  clewStore.getState().editBase(text, { includes: [...includes, { name, text: "" }] });
  showFile(document, name);
}

/** Names of files that the base includes, directly or by way of others, and that nobody has given. */
function useMissing(): readonly string[] {
  const [missing, setMissing] = useState<readonly string[]>([]);
  const view = useClew(shownView);
  useEffect(() => {
    let wanted = true;
    const says = view?.diagnostics.some(({ code }) => code === "include") ?? false;
    const state = clewStore.getState();
    const asked = languageText(state, state.document?.source.text ?? "", undefined);
    const found = says ? language().call("missing", asked) : Promise.resolve([]);
    found.then(
      (names) => wanted && setMissing(names),
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [view]);
  return missing;
}
