import { useState } from "react";
import type { DragEvent, ReactNode } from "react";
import { openFile } from "./openDocuments.ts";

/** A program, deployment or derivation may be dropped anywhere on the window. */
export function FileDrop({ children }: { readonly children: ReactNode }): ReactNode {
  const [over, setOver] = useState(false);
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes("Files");
  return (
    <div
      className="file-drop"
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (event.currentTarget === event.target || event.relatedTarget === null) setOver(false);
      }}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(false);
        const file = event.dataTransfer.files[0];
        if (file !== undefined) void openFile(file);
      }}
    >
      {children}
      {over && <div className="file-drop-sheet">Drop a program, a deployment or a derivation.</div>}
    </div>
  );
}
