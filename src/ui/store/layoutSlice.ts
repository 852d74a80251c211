import type { StateCreator } from "zustand";
import type { ClewState, LayoutSlice, Mode } from "./clewState.ts";

export const MODES: readonly { readonly mode: Mode; readonly title: string }[] = [
  { mode: "rewrite", title: "Rewrite" },
  { mode: "simulate", title: "Simulate" },
  { mode: "cluster", title: "Cluster" },
];

const FOLDED = "clew/strip-folded";

export const layoutSlice: StateCreator<ClewState, [], [], LayoutSlice> = (set) => ({
  mode: "rewrite",
  dialog: undefined,
  textTab: "text",
  graphTab: "graph",
  inspectorTab: "rewrites",
  narrowTab: "text",
  stripFolded: localStorage.getItem(FOLDED) === "yes",
  announcement: "",
  setMode: (mode) => set({ mode }),
  openDialog: (dialog) => set({ dialog }),
  showTextTab: (textTab) => set({ textTab, narrowTab: "text" }),
  showGraphTab: (graphTab) => set({ graphTab }),
  showInspectorTab: (inspectorTab) => set({ inspectorTab, narrowTab: "rewrites" }),
  showNarrowTab: (narrowTab) => set({ narrowTab }),
  foldStrip: (stripFolded) => {
    localStorage.setItem(FOLDED, stripFolded ? "yes" : "no");
    set({ stripFolded });
  },
  announce: (announcement) => set({ announcement }),
});
