import { Suspense, useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { useClew } from "../store/clewStore.ts";
import { lazyPart } from "./lazyPart.tsx";

const DocumentMenuList = lazyPart(() => import("./DocumentMenuList.tsx"));
const DocumentNameInput = lazyPart(() => import("./DocumentNameInput.tsx"));

/** The document's name, and everything that opens or saves one. */
export function DocumentMenu(): ReactNode {
  const document = useClew((state) => state.document);
  const [renaming, setRenaming] = useState(false);
  const [wanted, setWanted] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  const renamed = useRef(false);
  useEffect(() => {
    if (!renaming && renamed.current) trigger.current?.focus();
    renamed.current = renaming;
  }, [renaming]);
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
  if (renaming) {
    return (
      <Suspense fallback={button}>
        <DocumentNameInput done={() => setRenaming(false)} />
      </Suspense>
    );
  }
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
