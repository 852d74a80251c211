import { create } from "zustand";
import type { VerdictMark } from "../icons/VerdictIcon.tsx";
import { useClew } from "../store/clewStore.ts";

/** May step `to` only do what step `from` could? 0 is the base. */
export interface Question {
  readonly from: number;
  readonly to: number;
}

/** What a check has said, in a few words with its bounds. */
export interface Said {
  readonly words: string;
  readonly mark: VerdictMark;
}

interface CheckShown {
  /** What the panel shows; undefined while it is closed. */
  readonly shown: Question | undefined;
  /** Of each step against the program before it. */
  readonly said: readonly (Said | undefined)[];
  /** Of all steps against the base. */
  readonly whole: Said | undefined;
}

/** What the first picture needs to know of checks; all else is loaded when one is asked for. */
export const useCheckShown = create<CheckShown>()(() => ({
  shown: undefined,
  said: [],
  whole: undefined,
}));

export function isCheckShown({ shown }: CheckShown): boolean {
  return shown !== undefined;
}

export function showCheck(shown: Question | undefined): void {
  useCheckShown.setState({ shown });
}

/** Opens the panel at the first of the questions and checks them all. */
export function checkNow(questions: readonly Question[]): void {
  useClew.getState().setMode("rewrite");
  showCheck(questions[0]);
  void import("./runCheck.ts").then(({ runChecks }) => runChecks(questions));
}
