import type { ReactNode } from "react";
import { useClew } from "../store/clewStore.ts";
import { shownFile, showFile, useShownFile } from "./shownFile.ts";

/** The files that the base is made of, where it includes any: one of them is edited, all of them are the program. */
export function FileTabs(): ReactNode {
  const document = useClew((state) => state.document);
  // Which of them is shown is told apart by the document, too.
  useShownFile();
  const includes = document?.source.includes ?? [];
  if (document === undefined || document.at > 0 || includes.length === 0) return null;
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
          {name ?? document.source.fileName}
        </button>
      ))}
    </div>
  );
}
