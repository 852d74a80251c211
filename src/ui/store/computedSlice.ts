import type { StateCreator } from "zustand";
import type { RuleId } from "../../program/program.ts";
import type { Selection } from "../../rewrites/rewrite.ts";
import { nextTurn } from "../../workers/rpc.ts";
import type { OfferView, Replay, RuleVerdict } from "../../workers/workspaceApi.ts";
import type { ClewState, ComputedSlice } from "./clewState.ts";
import { selectedSelection, shownView } from "./selectors.ts";
import { countsWords } from "./verdictWords.ts";
import { workspace } from "./workspaceClient.ts";

/** Verdicts of rules one by one wait until nothing else is asked for so long. */
const QUIET_MILLISECONDS = 250;
/** Programs of more rules are not drawn in the task that they arrive in. */
const LARGE = 1000;

export const computedSlice: StateCreator<ClewState, [], [], ComputedSlice> = (set, get) => {
  let replayRunning = false;
  /** When the change came that no verdicts have answered yet. */
  let began: number | undefined;
  let offersAsked: AbortController | undefined;
  let verdictsAsked: AbortController | undefined;
  let previewAsked: AbortController | undefined;
  let offersFor: Selection | undefined;
  let quiet: ReturnType<typeof setTimeout> | undefined;
  let judged: readonly RuleVerdict[] = [];
  let byRule: ReadonlyMap<RuleId, RuleVerdict> = new Map();

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
      if (signal.aborted) return;
      // The same verdicts as before draw nothing again.
      if (answer !== judged) byRule = new Map(answer.map((v) => [v.rule, v]));
      judged = answer;
      set({ ruleVerdicts: byRule });
    } catch (error) {
      reportUnlessCancelled(get, error);
    }
  };

  const takeOffers = (offers: readonly OfferView[], selection: Selection): void => {
    // Typing keeps the open card; another selection opens its own best one.
    const before = sameSelection(selection, offersFor) ? get().focusedOffer : undefined;
    offersFor = selection;
    const focused = offers.some((offer) => offer.key === before) ? before : offers[0]?.key;
    // Seen in the browser's profiler, and by the benchmark.
    const { duration: verdictMilliseconds } = performance.measure("verdicts", {
      start: began ?? performance.now(),
    });
    began = undefined;
    set({ offers, offersStale: false, verdictMilliseconds });
    get().focusOffer(focused);
    get().announce(countsSentence(offers));
  };

  return {
    offers: [],
    verdictMilliseconds: undefined,
    offersStale: false,
    focusedOffer: undefined,
    preview: undefined,
    previewProblem: undefined,
    ruleVerdicts: new Map(),

    recompute: async () => {
      began ??= performance.now();
      set({ offersStale: true });
      // One replay at a time; the latest text is taken when the running one ends.
      if (replayRunning) return;
      replayRunning = true;
      try {
        for (;;) {
          const { document, replayOf } = get();
          if (document === undefined || document.source === replayOf) break;
          const { id, source } = document;
          const replayed = workspace().call("replay", source);
          // Asked at once: the worker goes on with them while the page draws the replay.
          const asked = selectedSelection(get());
          const offered = asked === undefined ? undefined : get().refreshOffers();
          const replay = await replayed;
          // A large program is drawn in a task of its own.
          if (isLarge(replay)) await nextTurn();
          if (get().document?.id === id) set({ replay, replayOf: source });
          get().keepSelectionWhereItIs();
          const settled = sameSelection(asked, selectedSelection(get())) ? offered : undefined;
          await (settled ?? get().refreshOffers());
        }
      } catch (error) {
        get().report(sentence(error));
      } finally {
        replayRunning = false;
      }
    },

    refreshOffers: async () => {
      offersAsked?.abort();
      verdictsAsked?.abort();
      const { document } = get();
      const selection = selectedSelection(get());
      if (document === undefined) return;
      if (selection === undefined) {
        began = undefined;
        offersFor = undefined;
        set({ offers: [], offersStale: false, focusedOffer: undefined, preview: undefined });
        askRuleVerdicts();
        return;
      }
      offersAsked = new AbortController();
      const { signal } = offersAsked;
      began ??= performance.now();
      set({ offersStale: true });
      try {
        const { source, at } = document;
        const request = { document: source, at, selection };
        const { offers, blocked } = await workspace().call("offers", request, { signal });
        if (signal.aborted) return;
        if (blocked && get().offers.length > 0 && sameSelection(selection, offersFor)) {
          // While a rule is being typed, its old verdicts stay, dimmed.
          began = undefined;
          set({ preview: undefined });
          askRuleVerdicts();
          return;
        }
        takeOffers(offers, selection);
      } catch (error) {
        reportUnlessCancelled(get, error);
      }
      askRuleVerdicts();
    },

    focusOffer: (focusedOffer) => {
      if (get().preview?.key !== focusedOffer) set({ preview: undefined });
      set({ focusedOffer, previewProblem: undefined });
    },

    refreshPreview: async (request) => {
      previewAsked?.abort();
      const { document, focusedOffer } = get();
      if (request === undefined || document === undefined || focusedOffer === undefined) {
        set({ preview: undefined, previewProblem: undefined });
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
          set({ preview: { key: focusedOffer, view: answer.view }, previewProblem: undefined });
        }
      } catch (error) {
        if (!signal.aborted) set({ preview: undefined, previewProblem: sentence(error) });
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
        const selected = [...get().selectedRules];
        get().insertSteps(answer.steps);
        get().followRules(selected, answer.origins);
      } catch (error) {
        get().report(sentence(error));
      }
    },
  };
};

function sameSelection(a: Selection | undefined, b: Selection | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function countsSentence(offers: readonly OfferView[]): string {
  const count = (verdict: OfferView["verdict"]): number =>
    offers.filter((offer) => offer.verdict === verdict).length;
  const counts = {
    holds: count("holds"),
    lockstep: count("lockstep"),
    violated: count("violated"),
  };
  return `${countsWords(counts)}.`;
}

function isLarge(replay: Replay): boolean {
  return replay.steps.some(({ view }) => (view?.rules.length ?? 0) > LARGE);
}

function reportUnlessCancelled(get: () => ClewState, error: unknown): void {
  if (error instanceof Error && error.name === "AbortError") return;
  get().report(sentence(error));
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
