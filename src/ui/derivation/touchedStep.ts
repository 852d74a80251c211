import { create } from "zustand";
import type { Touched } from "./touchedBy.ts";

/** The step whose knot is pointed at or has the keyboard's focus, and what it touched of the program that is shown. */
export const useTouchedStep = create<{ readonly touched: Touched | undefined }>(() => ({
  touched: undefined,
}));

/** Lights it in text, graph and outline, until something else is lit. */
export function light(touched: Touched | undefined): void {
  if (useTouchedStep.getState().touched !== touched) useTouchedStep.setState({ touched });
}
