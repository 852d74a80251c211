import { useEffect } from "react";
import { useClew } from "../store/clewStore.ts";
import { MODES } from "../store/layoutSlice.ts";
import { focusNextPanel } from "./panels.ts";

/** Keys that act anywhere. Those a text field needs are left to it. */
export function useKeyboard(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || !act(event)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    // Capturing: Monaco would otherwise take F6 and Ctrl K for itself.
    window.addEventListener("keydown", onKeyDown, { capture: true });
    return () => window.removeEventListener("keydown", onKeyDown, { capture: true });
  }, []);
}

/** True when the key was ours. */
function act(event: KeyboardEvent): boolean {
  const state = useClew.getState();
  const control = event.ctrlKey || event.metaKey;
  const typing = isTyping(event.target);
  if (control && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
    state.openDialog(state.dialog === "commands" ? undefined : "commands");
    return true;
  }
  if (state.dialog !== undefined) {
    const undo = control && !event.shiftKey && event.key.toLowerCase() === "z";
    if (!undo || typing || state.takenAway === undefined) return false;
    state.putBack();
    return true;
  }
  if (event.key === "F1" || (event.key === "?" && !typing && !control)) {
    state.openDialog(event.key === "F1" ? "commands" : "keys");
    return true;
  }
  if (event.key === "F6") {
    focusNextPanel(event.shiftKey ? -1 : 1);
    return true;
  }
  if (event.altKey && !control && /^[1-9]$/.test(event.key)) {
    const entry = MODES[Number(event.key) - 1];
    if (entry !== undefined) state.setMode(entry.mode);
    return entry !== undefined;
  }
  if (typing) return false;
  if (control && event.key.toLowerCase() === "z") {
    if (event.shiftKey) state.redo();
    else state.undo();
    return true;
  }
  if (!control && !event.altKey && (event.key === "[" || event.key === "]")) {
    state.walkTo((state.document?.at ?? 0) + (event.key === "[" ? -1 : 1));
    return true;
  }
  return false;
}

/** Letters typed there are text, not commands. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.matches("input, textarea, select, .native-edit-context, .native-edit-context *")
  );
}
