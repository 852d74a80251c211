import { Modal } from "@mantine/core";
import type { ModalProps } from "@mantine/core";
import "@mantine/core/styles/UnstyledButton.css";
import "@mantine/core/styles/CloseButton.css";
import "@mantine/core/styles/ScrollArea.css";
import "@mantine/core/styles/Overlay.css";
import "@mantine/core/styles/Paper.css";
import "@mantine/core/styles/ModalBase.css";
import "@mantine/core/styles/Modal.css";
import { useState } from "react";
import type { ReactNode } from "react";
import { useClew } from "../store/clewStore.ts";

/** The window's one dialog. Loaded when it is first asked for, with the library's part that it needs. */
export function ClewModal({
  children,
  closed,
  ...props
}: Omit<ModalProps, "opened" | "onClose" | "children"> & {
  readonly children: ReactNode | ((close: () => void) => ReactNode);
  /** Once it is gone and focus is back where it was. */
  readonly closed?: () => void;
}): ReactNode {
  const openDialog = useClew((state) => state.openDialog);
  const [opened, setOpened] = useState(true);
  return (
    <Modal
      {...props}
      opened={opened}
      onClose={() => setOpened(false)}
      onExitTransitionEnd={() => {
        openDialog(undefined);
        if (closed !== undefined) setTimeout(closed, 0);
      }}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {typeof children === "function" ? children(() => setOpened(false)) : children}
    </Modal>
  );
}
