import { useEffect } from "react";
import type { RefObject } from "react";
import { FAULT_KEYS } from "./SimulateToolbar.tsx";
import type { ArmedFault } from "./simulateStore.ts";
import { useSimulate } from "./simulateStore.ts";
import { useUntil } from "./untilStore.ts";

/** The mode's keys, while the keyboard is somewhere in it and not in a field. The mode takes the keyboard on arrival. */
export function useSimulateKeys(mode: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = mode.current;
    if (element === null) return;
    element.querySelector<HTMLElement>('[data-panel-id="simulation"]')?.focus();
    const onKeyDown = (event: KeyboardEvent): void => {
      if (act(event)) event.preventDefault();
    };
    element.addEventListener("keydown", onKeyDown);
    return () => element.removeEventListener("keydown", onKeyDown);
  }, [mode]);
}

const ARMED_BY_KEY = new Map(
  (Object.keys(FAULT_KEYS) as ArmedFault[]).map((fault) => [
    FAULT_KEYS[fault].key.toLowerCase(),
    fault,
  ]),
);

/** True when the key was the mode's. */
function act(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  if (target.matches("input, select, textarea")) return false;
  const state = useSimulate.getState();
  switch (event.key) {
    case " ":
      // A button takes Space for itself.
      if (target.matches("button, summary, [role=button]")) return false;
      void state.start();
      return true;
    case ",":
      state.step(-1);
      return true;
    case ".":
      state.step(1);
      return true;
    case "n":
    case "N":
      state.showDifference();
      return true;
    case "b":
    case "B":
      state.branch();
      return true;
    case "u":
    case "U":
      useUntil.getState().ask(true);
      return true;
    case "Escape":
      if (useUntil.getState().seeking) {
        useUntil.getState().cancel();
        return true;
      }
      if (state.armed === undefined) return false;
      state.arm(undefined);
      return true;
  }
  const fault = ARMED_BY_KEY.get(event.key.toLowerCase());
  if (fault !== undefined) state.arm(fault);
  return fault !== undefined;
}
