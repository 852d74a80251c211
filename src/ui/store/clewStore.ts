import { create } from "zustand";
import type { StoreApi } from "zustand";
import type { ClewState } from "./clewState.ts";
import { computedSlice } from "./computedSlice.ts";
import { documentSlice } from "./documentSlice.ts";
import { layoutSlice } from "./layoutSlice.ts";
import { selectionSlice } from "./selectionSlice.ts";

/** The page's one store. Components take what they need: `useClew((state) => state.mode)`. */
export const useClew = create<ClewState>()((...parts) => ({
  ...documentSlice(...parts),
  ...computedSlice(...parts),
  ...selectionSlice(...parts),
  ...layoutSlice(...parts),
}));

/** The same store for what is no component. */
export const clewStore: Pick<StoreApi<ClewState>, "getState" | "subscribe"> = {
  getState: () => useClew.getState(),
  subscribe: (listener) => useClew.subscribe(listener),
};
