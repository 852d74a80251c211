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
    if (panel !== null) focusInto(panel);
  });
}

/** F6 and Shift F6. In other modes, panels are whatever carries `data-panel-id`. */
export function focusNextPanel(step: 1 | -1): void {
  const panels = [...document.querySelectorAll<HTMLElement>("[data-panel-id]")].filter(
    (panel) => panel.offsetParent !== null,
  );
  const current = panels.findIndex((panel) => panel.contains(document.activeElement));
  const start = current === -1 && step === -1 ? 0 : current;
  const next = panels[(start + step + panels.length) % panels.length];
  if (next !== undefined) focusInto(next);
}

/** Where a panel wants the keyboard, the best first: a marked element, the editor's input, the tab stop of a graph. */
const FIRST_STOPS = [
  "[data-first-focus]",
  ".native-edit-context, textarea.inputarea",
  '.panel-body [tabindex="0"]',
];

export function focusInto(panel: HTMLElement): void {
  const stops = FIRST_STOPS.map((stop) => panel.querySelector<HTMLElement>(stop));
  (stops.find((stop) => stop !== null) ?? panel).focus();
}
