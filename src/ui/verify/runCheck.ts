import { connect } from "../../workers/rpc.ts";
import type { DeployedProgram } from "../../workers/simulationApi.ts";
import type { SmallerRequest, Verified, VerifyApi } from "../../workers/verifyApi.ts";
import type { StepView } from "../../workers/workspaceApi.ts";
import { useClew } from "../store/clewStore.ts";
import {
  checkKey,
  checkedWords,
  hasTimers,
  nodesOf,
  ORIGINAL_STATES,
  useCheck,
} from "./checkStore.ts";
import { showCheck } from "./checkShown.ts";
import type { Question } from "./checkShown.ts";
import type { Checked, CheckSettings, CheckVerdict } from "./checkStore.ts";
import { questionWords } from "./checkWords.ts";

interface Asked {
  readonly question: Question;
  readonly key: string;
  readonly settings: CheckSettings;
  readonly original: DeployedProgram;
  readonly rewritten: DeployedProgram;
  readonly smaller?: SmallerRequest;
}

type Far = Omit<VerifyApi["verify"]["progress"], "found">;

let stop: (() => void) | undefined;
/** Counts what was asked: only the latest goes on. */
let latest = 0;

/** Checks one question after the other, each in a worker of its own; what was running is cancelled. */
export async function runChecks(questions: readonly Question[]): Promise<void> {
  const own = ++latest;
  stop?.();
  useCheck.setState({ problem: undefined });
  await upToDate();
  if (own !== latest) return;
  const { settings } = useCheck.getState();
  const steps = useClew.getState().replay?.steps ?? [];
  const asked = questions.map((question) => toAsk(steps, question, settings));
  for (const [i, each] of asked.entries()) {
    if (typeof each === "string") {
      useCheck.setState({ problem: each });
      continue;
    }
    const run = startCheck(each, asked.length - i - 1);
    stop = run.stop;
    try {
      keep(each, await run.checked);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      useCheck.setState({ problem: `${questionWords(each.question)} was not checked. ${message}` });
    }
    if (stop !== run.stop) return;
    stop = undefined;
    useCheck.setState({ running: undefined });
    if (own !== latest) return;
  }
}

/** What was found until now is kept, and says that it was cancelled. */
export function cancelChecks(): void {
  latest++;
  stop?.();
}

// Another document has other programs.
useClew.subscribe((state, before) => {
  if (state.document?.id === before.document?.id) return;
  cancelChecks();
  showCheck(undefined);
});

/** What was just typed is read first. */
function upToDate(): Promise<void> {
  const isRead = (): boolean => {
    const { document, replayOf } = useClew.getState();
    return document?.source === replayOf;
  };
  if (isRead()) return Promise.resolve();
  return new Promise((resolve) => {
    const done = useClew.subscribe(() => {
      if (!isRead()) return;
      done();
      resolve();
    });
  });
}

/** What is to be checked, or why it cannot be. */
function toAsk(
  steps: readonly StepView[],
  question: Question,
  settings: CheckSettings,
): Asked | string {
  const { from, to } = question;
  const key = checkKey(steps, question);
  const [original, rewritten] = [from, to].map((at) => deployed(steps[at]));
  const problem = [original, rewritten].find((side) => typeof side === "string");
  if (key === undefined || typeof original !== "object" || typeof rewritten !== "object") {
    return `${questionWords(question)} was not checked. ${problem ?? "There is no such step."}`;
  }
  // What is right in lock-step only is checked in lock-step, as on the command line.
  const bound = steps.slice(from + 1, to + 1).some(({ verdict }) => verdict === "lockstep");
  const clocks = bound ? "lockstep" : settings.clocks;
  // What is set for a program with timers says nothing of one that has none.
  const firings = hasTimers(steps[from]?.view) ? settings.firings : 0;
  // So does a node that is not in it.
  const nodes = nodesOf(steps[from]?.view);
  const down = settings.down.filter((node) => nodes.includes(node));
  const smaller = smallerOf(steps, question);
  const all = { question, key, original, rewritten, ...(smaller && { smaller }) };
  return { ...all, settings: { ...settings, clocks, firings, down } };
}

/** Where the whole is not decided, fewer nodes of the base are asked of. */
function smallerOf(steps: readonly StepView[], { from, to }: Question): SmallerRequest | undefined {
  const base = deployed(steps[0]);
  const { document } = useClew.getState();
  if (typeof base === "string" || document === undefined) return undefined;
  return { base, steps: document.source.steps, from, to };
}

function deployed(step: StepView | undefined): DeployedProgram | string {
  const what = step?.index === 0 ? "The base" : `Step ${step?.index}`;
  const view = step?.view;
  if (view === undefined) return step?.broken?.reason ?? "There is no such step.";
  const error = view.diagnostics.find(({ severity }) => severity === "error");
  if (error !== undefined) return `${what} has an error: ${error.message}`;
  if (view.deployment === undefined) return `No deployment says where ${what.toLowerCase()} runs.`;
  return { program: view.program, deployment: view.deployment };
}

function startCheck(
  { question, key, original, rewritten, smaller, settings }: Asked,
  waiting: number,
): { readonly checked: Promise<Checked>; readonly stop: () => void } {
  const worker = new Worker(new URL("../../workers/verify.worker.ts", import.meta.url), {
    type: "module",
    name: "check",
  });
  const began = performance.now();
  const milliseconds = (): number => performance.now() - began;
  let far: Far = { explored: 0, originalStates: 0, outputs: 0 };
  let found: Verified | undefined;
  const show = (): void => {
    const { explored, originalStates, nodes } = far;
    const shortening = found !== undefined;
    const of = { ...question, key, settings, ...(nodes && { nodes }) };
    const so = { ...of, explored, originalStates, shortening, waiting };
    useCheck.setState({ running: { ...so, milliseconds: milliseconds() } });
  };
  const checkedAs = (verdict: CheckVerdict): Checked => {
    const { explored, outputs } = far;
    return { settings, verdict, explored, outputs, milliseconds: milliseconds() };
  };
  show();
  let stopped: ((checked: Checked) => void) | undefined;
  const cancelled = new Promise<Checked>((resolve) => {
    stopped = resolve;
  });
  const { states, together, ...how } = settings;
  const request = { original, rewritten, ...(smaller && { smaller }), ...how };
  const bound = { states, originalStates: ORIGINAL_STATES * states, together };
  const onProgress = ({ found: now, ...progress }: VerifyApi["verify"]["progress"]): void => {
    far = progress;
    found = now ?? found;
    show();
  };
  const answered = connect<VerifyApi>(worker)
    .call("verify", { ...request, bound }, { onProgress })
    .then((done) => {
      const { outputs } = done.smaller ?? done;
      far = { ...far, explored: done.refinement.explored, outputs };
      return checkedAs(verdictOf(done, false));
    });
  const checked = Promise.race([answered, cancelled]).finally(() => worker.terminate());
  // The worker may be deep in a batch, or making a difference small: it is not waited for.
  const stopNow = (): void => {
    const nothing: CheckVerdict = { kind: "not-known", cancelled: true };
    stopped?.(checkedAs(found === undefined ? nothing : verdictOf(found, true)));
  };
  return { checked, stop: stopNow };
}

function verdictOf(
  { refinement, requestOf, replay, smaller }: Verified,
  cancelled: boolean,
): CheckVerdict {
  switch (refinement.kind) {
    case "refines":
      return { kind: "refines" };
    case "not-known":
      return smaller === undefined ? { kind: "not-known", cancelled } : smallerVerdictOf(smaller);
    case "counterexample": {
      const all = { counterexample: refinement, requestOf, cancelled };
      return { kind: "difference", ...all, ...(replay && { replay }) };
    }
  }
}

/** What stands where the whole is not decided. */
function smallerVerdictOf({
  refinement,
  requestOf,
  form,
}: NonNullable<Verified["smaller"]>): CheckVerdict {
  switch (refinement.kind) {
    case "refines":
      return { kind: "smaller", form, explored: refinement.explored };
    case "not-known":
      return { kind: "not-known", cancelled: false, form };
    case "counterexample":
      return { kind: "difference", counterexample: refinement, requestOf, cancelled: false, form };
  }
}

/** The latest first; one of the same bounds takes the place of the one before. */
function keep({ key, question }: Asked, checked: Checked): void {
  const { results } = useCheck.getState();
  const bounds = JSON.stringify(checked.settings);
  const others = (results.get(key) ?? []).filter(
    ({ settings }) => JSON.stringify(settings) !== bounds,
  );
  useCheck.setState({ results: new Map(results).set(key, [checked, ...others]) });
  useClew.getState().announce(`${questionWords(question)}: ${checkedWords(checked)}.`);
}
