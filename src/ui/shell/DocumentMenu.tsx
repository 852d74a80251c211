import { Suspense, useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { useClew } from "../store/clewStore.ts";
import { lazyPart } from "./lazyPart.tsx";

const DocumentMenuList = lazyPart(() => import("./DocumentMenuList.tsx"));

/** The document's name, and everything that opens or saves one. */
export function DocumentMenu(): ReactNode {
  const document = useClew((state) => state.document);
  const rename = useClew((state) => state.renameDocument);
  const [renaming, setRenaming] = useState(false);
  const [wanted, setWanted] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  const renamed = useRef(false);
  useEffect(() => {
    if (!renaming && renamed.current) trigger.current?.focus();
    renamed.current = renaming;
  }, [renaming]);
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
          if (event.key === "Escape") setRenaming(false);
          if (event.key !== "Enter") return;
          // The same key would press the button that takes the field's place.
          event.preventDefault();
          event.currentTarget.blur();
        }}
      />
    );
  }
  const name = document?.name ?? "…";
  const button = (
    <button
      ref={trigger}
      className="document-name"
      aria-haspopup="menu"
      onPointerEnter={() => void import("./DocumentMenuList.tsx")}
      onClick={() => setWanted(true)}
    >
      {name} <span aria-hidden="true">▾</span>
    </button>
  );
  if (!wanted) return button;
  return (
    <Suspense fallback={button}>
      <DocumentMenuList
        name={name}
        currentId={document?.id}
        rename={() => {
          setRenaming(true);
          setWanted(false);
        }}
      />
    </Suspense>
  );
}

function focusOnce(input: HTMLInputElement | null): void {
  input?.select();
}
