import { useClew } from "../store/clewStore.ts";

export type PanelId = "text" | "graph" | "inspector" | "derivation";

/** The panels of Rewrite in the order F6 visits them. */
export const PANELS: readonly { readonly id: PanelId; readonly title: string }[] = [
  { id: "text", title: "Text" },
  { id: "graph", title: "Dataflow" },
  { id: "inspector", title: "Rewrites" },
  { id: "derivation", title: "Derivation" },
];

const NARROW_TAB = { text: "text", inspector: "rewrites", graph: "graph" } as const;

/** Moves the keyboard into a panel: to what it marks as its first stop, else to itself. */
export function focusPanel(id: PanelId): void {
  if (id !== "derivation") useClew.getState().showNarrowTab(NARROW_TAB[id]);
  requestAnimationFrame(() => {
    const panel = document.querySelector<HTMLElement>(`[data-panel-id="${id}"]`);
    (
      panel?.querySelector<HTMLElement>("[data-first-focus], textarea, .react-flow__node") ?? panel
    )?.focus();
  });
}

/** F6 and Shift F6. In other modes, panels are whatever carries `data-panel-id`. */
export function focusNextPanel(step: 1 | -1): void {
  const panels = [...document.querySelectorAll<HTMLElement>("[data-panel-id]")].filter(
    (panel) => panel.offsetParent !== null,
  );
  const current = panels.findIndex((panel) => panel.contains(document.activeElement));
  const next = panels[(current + step + panels.length) % panels.length];
  if (next === undefined) return;
  (
    next.querySelector<HTMLElement>("[data-first-focus], textarea, .react-flow__node") ?? next
  ).focus();
}
