import { Suspense, lazy, useState } from "react";
import type { ReactNode } from "react";
import { useClew } from "../store/clewStore.ts";

const DocumentMenuList = lazy(() => import("./DocumentMenuList.tsx"));

/** The document's name, and everything that opens or saves one. */
export function DocumentMenu(): ReactNode {
  const document = useClew((state) => state.document);
  const rename = useClew((state) => state.renameDocument);
  const [renaming, setRenaming] = useState(false);
  const [wanted, setWanted] = useState(false);
  if (renaming && document !== undefined) {
    return (
      <input
        className="text-input document-name-input"
        aria-label="Document name"
        defaultValue={document.name}
        ref={focusOnce}
        onBlur={(event) => {
          rename(event.currentTarget.value);
          setRenaming(false);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") event.currentTarget.blur();
          if (event.key === "Escape") setRenaming(false);
        }}
      />
    );
  }
  const name = document?.name ?? "…";
  const trigger = (
    <button
      className="document-name"
      aria-haspopup="menu"
      onPointerEnter={() => void import("./DocumentMenuList.tsx")}
      onClick={() => setWanted(true)}
    >
      {name} <span aria-hidden="true">▾</span>
    </button>
  );
  if (!wanted) return trigger;
  return (
    <Suspense fallback={trigger}>
      <DocumentMenuList name={name} currentId={document?.id} rename={() => setRenaming(true)} />
    </Suspense>
  );
}

function focusOnce(input: HTMLInputElement | null): void {
  input?.select();
}
