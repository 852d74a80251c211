import type { ReactNode } from "react";
import { useClew } from "../store/clewStore.ts";

/** The document's name while it is written anew; loaded when that is asked for. */
export default function DocumentNameInput({ done }: { readonly done: () => void }): ReactNode {
  const name = useClew((state) => state.document?.name);
  const rename = useClew((state) => state.renameDocument);
  return (
    <input
      className="text-input document-name-input"
      aria-label="Document name"
      defaultValue={name}
      ref={focusOnce}
      onBlur={(event) => {
        rename(event.currentTarget.value);
        done();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") done();
        if (event.key !== "Enter") return;
        // The same key would press the button that takes the field's place.
        event.preventDefault();
        event.currentTarget.blur();
      }}
    />
  );
}

function focusOnce(input: HTMLInputElement | null): void {
  input?.select();
}
