import { create } from "zustand";
import { nextTurn } from "../../workers/rpc.ts";
import type { Moment, Pieces } from "./runUntil.ts";
import { wasCancelled } from "./simulatedRun.ts";
import type { SimulatedRun } from "./simulatedRun.ts";
import { isOutOfDate, shownDifferences, useSimulate } from "./simulateStore.ts";
import { FROM_START, never, reached, runEnd, search } from "./untilOutcome.ts";
import type { Outcome, Wanted } from "./untilOutcome.ts";

interface UntilState {
  /** The form is open. */
  readonly asking: boolean;
  /** What was asked last: the form begins with it, and it can be asked again. */
  readonly wanted: Wanted | undefined;
  readonly seeking: boolean;
  /** With the run that it is about: of another run it says nothing. */
  readonly outcome: (Outcome & { readonly run: SimulatedRun }) | undefined;
  ask(asking: boolean): void;
  /** To the next moment at which it is so; what is not run yet, or no longer what is shown, is run first. */
  seek(wanted: Wanted): Promise<void>;
  go(moment: Moment): void;
  cancel(): void;
  close(): void;
}

let asked: AbortController | undefined;

export const useUntil = create<UntilState>()((set, get) => ({
  asking: false,
  wanted: undefined,
  seeking: false,
  outcome: undefined,
  ask: (asking) => set({ asking }),
  seek: async (wanted) => {
    asked?.abort();
    const own = new AbortController();
    asked = own;
    set({ asking: false, wanted, seeking: true, outcome: undefined });
    const outcome = await sought(wanted, own.signal).finally(() => {
      if (asked === own) set({ seeking: false });
    });
    const { run } = useSimulate.getState();
    if (asked === own && outcome !== undefined && run !== undefined) {
      set({ outcome: { ...outcome, run } });
    }
  },
  go: (moment) => {
    const { run } = useSimulate.getState();
    if (run === undefined) return;
    arrive(moment);
    set({ outcome: { ...reached(run, moment, 0), run } });
  },
  cancel: () => {
    if (!get().seeking) return;
    asked?.abort();
    useSimulate.getState().cancel();
    set({ seeking: false });
  },
  close: () => set({ outcome: undefined }),
}));

/** Undefined when it was cancelled, or when nothing can be run: the screen then says why. */
async function sought(wanted: Wanted, signal: AbortSignal): Promise<Outcome | undefined> {
  const run = await wholeRun(signal);
  if (run === undefined || signal.aborted) return undefined;
  const { cursor, left } = useSimulate.getState();
  const after = cursor >= runEnd(run) ? FROM_START : cursor;
  const found = await inSlices(search(run, wanted, after, shownDifferences()), signal);
  if (found === undefined) return undefined;
  if (found.next === undefined) {
    const isCompared = run.rewritten !== undefined || left !== undefined;
    return never(run, wanted, found.last, after, isCompared);
  }
  arrive(found.next);
  return reached(run, found.next, after);
}

/** The run that stands there when it is one of what is shown, a new one otherwise; a cancelled one is run again. */
async function wholeRun(signal: AbortSignal): Promise<SimulatedRun | undefined> {
  if (useSimulate.getState().running !== undefined) await runEnded();
  const { run } = useSimulate.getState();
  if (run !== undefined && !isOutOfDate(run) && !wasCancelled(run)) return run;
  if (signal.aborted) return undefined;
  await useSimulate.getState().start("stay");
  const { problem, run: now } = useSimulate.getState();
  return problem === undefined ? now : undefined;
}

function runEnded(): Promise<void> {
  return new Promise((resolve) => {
    const stop = useSimulate.subscribe(({ running }) => {
      if (running !== undefined) return;
      stop();
      resolve();
    });
  });
}

function arrive({ at, side, address }: Moment): void {
  const { run, look, moveTo } = useSimulate.getState();
  moveTo(at);
  if (run?.[side]?.nodes.some((node) => node.address === address)) look(side, address!);
}

/** At most so long at once, so that the page stays awake. */
const SLICE_MS = 8;

async function inSlices<T>(work: Pieces<T>, signal: AbortSignal): Promise<T | undefined> {
  let until = performance.now() + SLICE_MS;
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (performance.now() < until) continue;
    await nextTurn();
    if (signal.aborted) return undefined;
    until = performance.now() + SLICE_MS;
  }
}
