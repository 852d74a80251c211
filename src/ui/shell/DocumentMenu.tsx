import { Menu } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { EXAMPLES } from "../store/clewDocument.ts";
import { useClew } from "../store/clewStore.ts";
import { recentDocuments } from "../store/documentStorage.ts";
import { openExample, openNew, openRecent, pickFile, saveDocument } from "./openDocuments.ts";

/** The document's name, and everything that opens or saves one. */
export function DocumentMenu(): ReactNode {
  const document = useClew((state) => state.document);
  const rename = useClew((state) => state.renameDocument);
  const [renaming, setRenaming] = useState(false);
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
  return (
    <Menu position="bottom-start" shadow="none" width={280} trapFocus returnFocus>
      <Menu.Target>
        <button className="document-name">
          {document?.name ?? "…"} <span aria-hidden="true">▾</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Examples</Menu.Label>
        {EXAMPLES.map((example) => (
          <Menu.Item key={example.id} onClick={() => void openExample(example)}>
            {example.name}
          </Menu.Item>
        ))}
        <Recent currentId={document?.id} />
        <Menu.Divider />
        <Menu.Item onClick={openNew}>New</Menu.Item>
        <Menu.Item onClick={pickFile}>Open a file…</Menu.Item>
        <Menu.Item onClick={() => setRenaming(true)}>Rename</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => void saveDocument("program")}>Save the base program</Menu.Item>
        <Menu.Item onClick={() => void saveDocument("shown")}>Save the program shown</Menu.Item>
        <Menu.Item onClick={() => void saveDocument("derivation")}>Save the derivation</Menu.Item>
        <Menu.Item onClick={() => void saveDocument("deployment")}>Save the deployment</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function focusOnce(input: HTMLInputElement | null): void {
  input?.select();
}

function Recent({ currentId }: { readonly currentId: string | undefined }): ReactNode {
  const recent = recentDocuments().filter((other) => other.id !== currentId);
  if (recent.length === 0) return null;
  return (
    <>
      <Menu.Label>Recent, kept in this browser</Menu.Label>
      {recent.slice(0, 6).map((other) => (
        <Menu.Item key={other.id} onClick={() => openRecent(other.id)}>
          {other.name}
        </Menu.Item>
      ))}
    </>
  );
}
