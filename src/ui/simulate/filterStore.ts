import { create } from "zustand";
import { useClew } from "../store/clewStore.ts";
import { NOTHING_HIDDEN } from "./shownParts.ts";
import type { Hidden } from "./shownParts.ts";

interface FilterState {
  /** By document: another mode or another document and back, and it is as it was. */
  readonly byDocument: ReadonlyMap<string, Hidden>;
  hide(change: Partial<Hidden>): void;
}

export const useFilters = create<FilterState>()((set, get) => ({
  byDocument: new Map(),
  hide: (change) => {
    const id = useClew.getState().document?.id ?? "";
    const { byDocument } = get();
    const before = byDocument.get(id) ?? NOTHING_HIDDEN;
    set({ byDocument: new Map(byDocument).set(id, { ...before, ...change }) });
  },
}));

/** What is hidden in the document that is open. */
export function useHidden(): Hidden {
  const id = useClew((state) => state.document?.id ?? "");
  return useFilters((state) => state.byDocument.get(id)) ?? NOTHING_HIDDEN;
}
