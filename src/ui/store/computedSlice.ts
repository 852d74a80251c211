import type { StateCreator } from "zustand";
import type { OfferView } from "../../workers/workspaceApi.ts";
import type { ClewState, ComputedSlice } from "./clewState.ts";
import { selectedSelection, shownView } from "./selectors.ts";
import { workspace } from "./workspaceClient.ts";

/** Verdicts of rules one by one wait until nothing else is asked for so long. */
const QUIET_MILLISECONDS = 250;

export const computedSlice: StateCreator<ClewState, [], [], ComputedSlice> = (set, get) => {
  let replayRunning = false;
  let offersAsked: AbortController | undefined;
  let verdictsAsked: AbortController | undefined;
  let previewAsked: AbortController | undefined;
  let quiet: ReturnType<typeof setTimeout> | undefined;

  const askRuleVerdicts = (): void => {
    clearTimeout(quiet);
    verdictsAsked?.abort();
    quiet = setTimeout(() => void ruleVerdicts(), QUIET_MILLISECONDS);
  };
  const ruleVerdicts = async (): Promise<void> => {
    const { document } = get();
    if (document === undefined) return;
    verdictsAsked = new AbortController();
    const { signal } = verdictsAsked;
    try {
      const answer = await workspace().call(
        "ruleVerdicts",
        { document: document.source, at: document.at },
        { signal },
      );
      if (!signal.aborted) set({ ruleVerdicts: new Map(answer.map((v) => [v.rule, v])) });
    } catch (error) {
      reportUnlessCancelled(get, error);
    }
  };

  return {
    offers: [],
    verdictMilliseconds: undefined,
    offersStale: false,
    focusedOffer: undefined,
    preview: undefined,
    ruleVerdicts: new Map(),

    recompute: async () => {
      set({ offersStale: true });
      // One replay at a time; the latest text is taken when the running one ends.
      if (replayRunning) return;
      replayRunning = true;
      try {
        for (;;) {
          const { document, replayOf } = get();
          if (document === undefined || document.source === replayOf) break;
          const { id, source } = document;
          const replay = await workspace().call("replay", source);
          if (get().document?.id === id) set({ replay, replayOf: source });
        }
        get().keepSelectionWhereItIs();
      } catch (error) {
        get().report(sentence(error));
      } finally {
        replayRunning = false;
      }
      await get().refreshOffers();
    },

    refreshOffers: async () => {
      offersAsked?.abort();
      verdictsAsked?.abort();
      const { document } = get();
      const selection = selectedSelection(get());
      if (document === undefined) return;
      if (selection === undefined) {
        set({ offers: [], offersStale: false, focusedOffer: undefined, preview: undefined });
        askRuleVerdicts();
        return;
      }
      offersAsked = new AbortController();
      const { signal } = offersAsked;
      const began = performance.now();
      set({ offersStale: true });
      try {
        const { source, at } = document;
        const answer = await workspace().call(
          "offers",
          { document: source, at, selection },
          { signal },
        );
        if (signal.aborted) return;
        const focused = answer.offers.some((offer) => offer.key === get().focusedOffer)
          ? get().focusedOffer
          : answer.offers[0]?.key;
        set({
          offers: answer.offers,
          offersStale: false,
          verdictMilliseconds: performance.now() - began,
          preview: undefined,
        });
        get().focusOffer(focused);
        get().announce(countsSentence(answer.offers));
      } catch (error) {
        reportUnlessCancelled(get, error);
      }
      askRuleVerdicts();
    },

    focusOffer: (focusedOffer) => {
      if (get().preview?.key !== focusedOffer) set({ preview: undefined });
      set({ focusedOffer });
    },

    refreshPreview: async (request) => {
      previewAsked?.abort();
      const { document, focusedOffer } = get();
      if (request === undefined || document === undefined || focusedOffer === undefined) {
        set({ preview: undefined });
        return;
      }
      previewAsked = new AbortController();
      const { signal } = previewAsked;
      try {
        const { source, at } = document;
        const answer = await workspace().call(
          "preview",
          { document: source, at, offer: request },
          { signal },
        );
        if (!signal.aborted && get().focusedOffer === focusedOffer) {
          set({ preview: { key: focusedOffer, view: answer.view } });
        }
      } catch (error) {
        set({ preview: undefined });
        reportUnlessCancelled(get, error);
      }
    },

    applyOffer: async (request) => {
      const { document } = get();
      if (document === undefined || shownView(get()) === undefined) return;
      try {
        const { source, at } = document;
        const answer = await workspace().call("preview", { document: source, at, offer: request });
        if (get().document?.source !== source) return;
        get().report(undefined);
        get().insertSteps(answer.steps);
      } catch (error) {
        get().report(sentence(error));
      }
    },
  };
};

function countsSentence(offers: readonly OfferView[]): string {
  const count = (verdict: OfferView["verdict"]): number =>
    offers.filter((offer) => offer.verdict === verdict).length;
  const applies = count("holds");
  return `${applies} ${applies === 1 ? "rewrite applies" : "rewrites apply"}, ${count("lockstep")} lock-step, ${count("violated")} refused.`;
}

function reportUnlessCancelled(get: () => ClewState, error: unknown): void {
  if (error instanceof Error && error.name === "AbortError") return;
  get().report(sentence(error));
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
