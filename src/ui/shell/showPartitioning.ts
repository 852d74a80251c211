import type { OfferView } from "../../workers/workspaceApi.ts";
import type { ClewState } from "../store/clewState.ts";
import { useClew } from "../store/clewStore.ts";
import { focusPanel } from "./panels.ts";

/** Opens the card of the partitioning, or says why there is none; once the offers for the selection have come. */
export function showPartitioning(): void {
  const show = (state: ClewState): void => {
    const offer = state.offers.find(isPartitioning);
    state.showInspectorTab("rewrites");
    if (offer === undefined) state.announce("No partitioning is offered for this selection.");
    else state.focusOffer(offer.key);
    focusPanel("inspector");
  };
  if (!useClew.getState().offersStale) {
    show(useClew.getState());
    return;
  }
  const stop = useClew.subscribe((state) => {
    if (state.offersStale) return;
    stop();
    // New offers open the best card first.
    queueMicrotask(() => show(useClew.getState()));
  });
}

export function isPartitioning({ rewrite }: OfferView): boolean {
  return rewrite === "partitionByCohashing";
}
