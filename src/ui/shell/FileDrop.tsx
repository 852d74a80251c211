import { useEffect, useState } from "react";
import type { ReactNode } from "react";

/** A program and what it includes, a deployment or a derivation may be dropped anywhere on the window. */
export default function FileDrop(): ReactNode {
  const [over, setOver] = useState(false);
  useEffect(() => listen(setOver), []);
  return over ? (
    <div className="file-drop-sheet">
      Drop a program with the files that it includes, a deployment or a derivation.
    </div>
  ) : null;
}

function listen(setOver: (over: boolean) => void): () => void {
  const dragged = (event: DragEvent): void => {
    if (event.dataTransfer?.types.includes("Files") !== true) return;
    event.preventDefault();
    setOver(true);
  };
  const left = (event: DragEvent): void => {
    if (event.relatedTarget === null) setOver(false);
  };
  const dropped = (event: DragEvent): void => {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    setOver(false);
    void import("./openFiles.ts").then(({ openFiles }) => openFiles(files));
  };
  window.addEventListener("dragover", dragged);
  window.addEventListener("dragleave", left);
  window.addEventListener("drop", dropped);
  return () => {
    window.removeEventListener("dragover", dragged);
    window.removeEventListener("dragleave", left);
    window.removeEventListener("drop", dropped);
  };
}
