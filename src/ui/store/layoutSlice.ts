import type { StateCreator } from "zustand";
import type { ClewState, LayoutSlice, Mode } from "./clewState.ts";
import { keepSetting, keptSetting } from "./settings.ts";

export const MODES: readonly { readonly mode: Mode; readonly title: string }[] = [
  { mode: "rewrite", title: "Rewrite" },
  { mode: "simulate", title: "Simulate" },
  { mode: "cluster", title: "Cluster" },
];

const FOLDED = "clew/strip-folded";
const STEP_MILLISECONDS = 900;

export const layoutSlice: StateCreator<ClewState, [], [], LayoutSlice> = (set, get) => {
  let replayTimer: ReturnType<typeof setTimeout> | undefined;
  return {
    mode: "rewrite",
    dialog: undefined,
    textTab: "text",
    graphTab: "graph",
    inspectorTab: "rewrites",
    narrowTab: "text",
    stripFolded: keptSetting(FOLDED) === "yes",
    replaying: false,
    whyNot: undefined,
    announcement: "",
    setMode: (mode) => set({ mode }),
    openDialog: (dialog) => set({ dialog }),
    showTextTab: (textTab) => set({ textTab, narrowTab: "text" }),
    showGraphTab: (graphTab) => set({ graphTab }),
    showInspectorTab: (inspectorTab) => set({ inspectorTab, narrowTab: "rewrites" }),
    showNarrowTab: (narrowTab) => set({ narrowTab }),
    foldStrip: (stripFolded) => {
      keepSetting(FOLDED, stripFolded ? "yes" : "no");
      set({ stripFolded });
    },
    startReplay: () => {
      clearTimeout(replayTimer);
      get().walkTo(0);
      const source = get().document?.source;
      const last = source?.steps.length ?? 0;
      const showAfter = (at: number): void => {
        set({ replaying: at < last });
        if (at < last) replayTimer = setTimeout(showNext, STEP_MILLISECONDS, at);
      };
      const showNext = (at: number): void => {
        const { document, mode, replaying, walkTo } = get();
        const disturbed = document?.source !== source || document?.at !== at || mode !== "rewrite";
        if (!replaying || disturbed) return set({ replaying: false });
        walkTo(at + 1);
        showAfter(at + 1);
      };
      showAfter(0);
    },
    stopReplay: () => set({ replaying: false }),
    askWhyNot: (whyNot) => set({ whyNot }),
    announce: (announcement) => set({ announcement }),
  };
};
