import { useEffect } from "react";
import { useClew } from "../store/clewStore.ts";
import { focusInto } from "./panels.ts";

/**
 * What has the keyboard may be taken away: an applied card, a dropped step, the panels of another mode. The browser then
 * forgets where one was; this gives the keyboard to the panel's first stop, or to the mode's tab when the panel went too.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let held: { readonly element: Element; readonly panel: HTMLElement | null } | undefined;
    const came = ({ target }: FocusEvent): void => {
      if (!(target instanceof Element)) return;
      held = { element: target, panel: target.closest<HTMLElement>("[data-panel-id]") };
    };
    const went = ({ target, relatedTarget }: FocusEvent): void => {
      // Left for nothing, by a click beside everything: nothing is to be given back.
      if (relatedTarget !== null) return;
      queueMicrotask(() => {
        if (target instanceof Element && target.isConnected) held = undefined;
      });
    };
    const observer = new MutationObserver(() => {
      if (held === undefined || held.element.isConnected) return;
      const { panel } = held;
      held = undefined;
      if (document.activeElement !== null && document.activeElement !== document.body) return;
      // Dialogs give focus back themselves.
      if (panel?.isConnected === true) focusInto(panel);
      else if (panel !== null) document.getElementById(`tab-${useClew.getState().mode}`)?.focus();
    });
    document.addEventListener("focusin", came);
    document.addEventListener("focusout", went);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener("focusin", came);
      document.removeEventListener("focusout", went);
      observer.disconnect();
    };
  }, []);
}
