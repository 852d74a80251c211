import { create } from "zustand";
import type { Counterexample } from "../../verifier/refines.ts";
import type { Replay } from "../../verifier/replayedCounterexample.ts";
import type { SmallerForm } from "../../workers/verifyApi.ts";
import type { ProgramView, StepView } from "../../workers/workspaceApi.ts";
import type { VerdictMark } from "../icons/VerdictIcon.tsx";
import { useClew } from "../store/clewStore.ts";
import { useCheckShown } from "./checkShown.ts";
import type { Question, Said } from "./checkShown.ts";

/** For each state of the rewritten program that is looked at, the original may have so many; as on the command line. */
export const ORIGINAL_STATES = 5;

/** As the referee has it when it is told nothing. */
export const DEFAULT_TOGETHER = 3;

/** What a check is told. */
export interface CheckSettings {
  readonly requests: number;
  /** How many states of the rewritten program are looked at. */
  readonly states: number;
  readonly clocks: "free" | "lockstep";
  readonly observer: "first" | { readonly multi: number };
  readonly duplicates: boolean;
  /** How often each timer fires at each node that has it. */
  readonly firings: number;
  /** How often each node of the original may crash. */
  readonly crashes: number;
  /** Nodes of the original that may crash and stay down. */
  readonly down: readonly string[];
  /** How many messages may enter one tick of the rewritten program. */
  readonly together: number;
}

export type CheckVerdict =
  | { readonly kind: "refines" }
  /** A bound was reached on the whole; of a smaller form every schedule was tried. */
  | { readonly kind: "smaller"; readonly form: SmallerForm; readonly explored: number }
  | { readonly kind: "not-known"; readonly cancelled: boolean; readonly form?: SmallerForm }
  | {
      readonly kind: "difference";
      readonly counterexample: Counterexample;
      /** For each input, the request that it is part of. */
      readonly requestOf: readonly number[];
      /** It was cancelled before it was made as small as it can be. */
      readonly cancelled: boolean;
      readonly replay?: Replay;
      /** The smaller form that it is one of; the whole when absent. */
      readonly form?: SmallerForm;
    };

export interface Checked {
  /** With the clocks that it was checked with. */
  readonly settings: CheckSettings;
  readonly verdict: CheckVerdict;
  readonly explored: number;
  /** Different facts that any schedule shows clients. */
  readonly outputs: number;
  readonly milliseconds: number;
}

export interface RunningCheck extends Question {
  readonly key: string;
  readonly settings: CheckSettings;
  readonly explored: number;
  /** Different states of the original that were met. */
  readonly originalStates: number;
  readonly milliseconds: number;
  /** A difference is found and being made small. */
  readonly shortening: boolean;
  /** The nodes of the smaller form that is looked at. */
  readonly nodes?: readonly string[];
  /** Questions that come after this one. */
  readonly waiting: number;
}

interface CheckState {
  readonly settings: CheckSettings;
  /** By the two programs: a change of mode, or a step taken back and done again, loses none. The latest first. */
  readonly results: ReadonlyMap<string, readonly Checked[]>;
  readonly running: RunningCheck | undefined;
  /** Why the last check could not be made. */
  readonly problem: string | undefined;
}

/** What has been checked; `keptChecks.ts` keeps it over a reload. */
export const useCheck = create<CheckState>()(() => ({
  settings: {
    requests: 1,
    states: 20_000,
    clocks: "free",
    observer: "first",
    duplicates: false,
    firings: 0,
    crashes: 0,
    down: [],
    together: DEFAULT_TOGETHER,
  },
  results: new Map(),
  running: undefined,
  problem: undefined,
}));

const keys = new WeakMap<ProgramView, string>();

function programKey(view: ProgramView): string {
  const known = keys.get(view);
  if (known !== undefined) return known;
  const key = view.canonical + JSON.stringify(view.deployment ?? null);
  keys.set(view, key);
  return key;
}

/** What results are kept by; undefined where there is no program to check. */
export function checkKey(steps: readonly StepView[], { from, to }: Question): string | undefined {
  const [before, after] = [steps[from]?.view, steps[to]?.view];
  if (before === undefined || after === undefined) return undefined;
  return `${programKey(before)}\n${programKey(after)}`;
}

/** The result that says most: a difference, else what refines with the most requests, else what a smaller form decided, else the latest. */
export function gravest(results: readonly Checked[] | undefined): Checked | undefined {
  const most = (kind: CheckVerdict["kind"]): Checked | undefined =>
    results
      ?.filter(({ verdict }) => verdict.kind === kind)
      .toSorted((a, b) => b.settings.requests - a.settings.requests)[0];
  return most("difference") ?? most("refines") ?? most("smaller") ?? results?.[0];
}

/** What is known of a question so far. */
export function standing(
  { results }: Pick<CheckState, "results">,
  steps: readonly StepView[],
  question: Question,
): Checked | undefined {
  // The keys are long: nothing is made of them before there is anything to look up.
  if (results.size === 0) return undefined;
  const key = checkKey(steps, question);
  return key === undefined ? undefined : gravest(results.get(key));
}

/** "within 1 request": the bound that is named wherever a verdict is. */
export function withinWords(settings: CheckSettings): string {
  const { requests, clocks, observer, duplicates, firings, crashes, down, together } = settings;
  const more = [
    ...(firings === 0 ? [] : [`each timer ${times(firings)}`]),
    ...(crashes === 0 ? [] : [`each node crashing ${times(crashes)}`]),
    ...(down.length === 0 ? [] : [`${down.join(", ")} staying down`]),
    ...(together === DEFAULT_TOGETHER ? [] : [`${together} into one tick`]),
    ...(clocks === "lockstep" ? ["in lock-step"] : []),
    ...(observer === "first" ? [] : [`answers counted to ${observer.multi}`]),
    ...(duplicates ? ["messages twice"] : []),
  ];
  return [`within ${requests} ${requests === 1 ? "request" : "requests"}`, ...more].join(", ");
}

/** "once", "2 times" */
export function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

/** The nodes that may go down: with each of them all that rewrites have made of it. */
export function nodesOf(view: ProgramView | undefined): readonly string[] {
  const { instances = {}, originals = {} } = view?.deployment ?? {};
  return [...new Set(Object.values(instances).flat().map((at) => originals[at] ?? at))]; // prettier-ignore
}

/** Whether anything of the program fires by the clock. */
export function hasTimers(view: ProgramView | undefined): boolean {
  const { declarations = [], components = [] } = view?.program ?? {};
  return [{ declarations }, ...components].some((scope) =>
    scope.declarations.some(({ kind }) => kind === "timer"),
  );
}

/** A verdict in a few words. */
export function checkedWords({ verdict, settings }: Checked): string {
  switch (verdict.kind) {
    case "refines":
      return `refines ${withinWords(settings)}`;
    case "smaller":
      return `no difference in a smaller form ${withinWords(settings)}`;
    case "not-known":
      return "checked, not known";
    case "difference":
      return "a check found a violation";
  }
}

/** The icon of what came out of a check. */
export function checkedMark({ verdict }: Checked): VerdictMark {
  switch (verdict.kind) {
    case "refines":
      return "checked";
    case "smaller":
    case "not-known":
      return "unverified";
    case "difference":
      return "violated";
  }
}

// What knots and notices show of it is kept in step with results and document.
useCheck.subscribe((state, before) => {
  if (state.results !== before.results) tell();
});
useClew.subscribe((state, before) => {
  if (state.replay !== before.replay) tell();
});

function tell(): void {
  const steps = useClew.getState().replay?.steps ?? [];
  const state = useCheck.getState();
  const said = (question: Question): Said | undefined => {
    const checked = standing(state, steps, question);
    return checked && { words: checkedWords(checked), mark: checkedMark(checked) };
  };
  useCheckShown.setState({
    said: steps.map(({ index }) =>
      index === 0 ? undefined : said({ from: index - 1, to: index }),
    ),
    whole: steps.length > 2 ? said({ from: 0, to: steps.length - 1 }) : undefined,
  });
}
