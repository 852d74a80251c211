import { Modal } from "@mantine/core";
import "@mantine/core/styles/UnstyledButton.layer.css";
import "@mantine/core/styles/CloseButton.css";
import "@mantine/core/styles/ScrollArea.layer.css";
import "@mantine/core/styles/Overlay.css";
import "@mantine/core/styles/Paper.css";
import "@mantine/core/styles/ModalBase.css";
import "@mantine/core/styles/Modal.css";
import { useState } from "react";
import type { ReactNode } from "react";
import { useClew } from "../store/clewStore.ts";

export interface ClewModalProps {
  readonly title: string;
  /** No title row: for a dialog that begins with its own input. */
  readonly bare?: boolean;
  readonly width: number;
  readonly children: ReactNode | ((close: () => void) => ReactNode);
  /** Once it is gone and focus is back where it was. */
  readonly closed?: () => void;
}

/** The window's one dialog. Loaded when it is first asked for, with the library's part that it needs. */
export function ClewModal({
  title,
  bare = false,
  width,
  children,
  closed,
}: ClewModalProps): ReactNode {
  const openDialog = useClew((state) => state.openDialog);
  const [opened, setOpened] = useState(true);
  // Mounted open: Mantine sees no opening, so it does not know where focus was.
  const [before] = useState(() => document.activeElement);
  const close = (): void => setOpened(false);
  return (
    <Modal
      opened={opened}
      onClose={close}
      onExitTransitionEnd={() => {
        openDialog(undefined);
        setTimeout(() => giveBackFocus(before), 0);
        if (closed !== undefined) setTimeout(closed, 0);
      }}
      withCloseButton={false}
      size={width}
      padding={0}
      yOffset={bare ? 72 : 48}
      transitionProps={{ duration: bare ? 80 : 140 }}
      attributes={{ content: { "aria-label": title } }}
    >
      {!bare && (
        <div className="modal-head">
          <h2>{title}</h2>
          <button className="button" onClick={close}>
            Close <kbd>Esc</kbd>
          </button>
        </div>
      )}
      <div className={bare ? "" : "modal-body"}>
        {typeof children === "function" ? children(close) : children}
      </div>
    </Modal>
  );
}

/** To where it was, unless something else has taken it since. */
function giveBackFocus(to: Element | null): void {
  const { activeElement, body } = document;
  if (activeElement !== null && activeElement !== body) return;
  if (to instanceof HTMLElement) to.focus({ preventScroll: true });
}
