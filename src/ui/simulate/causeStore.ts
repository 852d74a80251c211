import { create } from "zustand";
import { rowKey } from "../../program/value.ts";
import { arrivalsOf, causeQuestion, sendingTick, sinceTick } from "../../simulator/causes.ts";
import type { CauseAnswer, CauseSubject } from "../../simulator/causes.ts";
import type { TraceIndex } from "../../simulator/stateAt.ts";
import type { Trace } from "../../simulator/trace.ts";
import type { DeployedProgram } from "../../workers/simulationApi.ts";
import { simulationWorker } from "./simulationWorker.ts";

/** A run that questions are asked about, with the program it is of. */
export interface ToldRun {
  readonly trace: Trace;
  readonly index: TraceIndex;
  readonly deployed: DeployedProgram;
}

interface CauseState {
  /** What "Why?" was asked about, and in which run: another run of the same program has other ticks. */
  readonly asked: { readonly trace: Trace; readonly subject: CauseSubject } | undefined;
  /** Ids of the messages that led there, once they have been asked for. */
  readonly path: ({ readonly trace: Trace } & Behind) | undefined;
  ask(trace: Trace, subject: CauseSubject): void;
  close(): void;
  showPath(told: ToldRun): Promise<void>;
  hidePath(): void;
}

export const useCauses = create<CauseState>()((set, get) => ({
  asked: undefined,
  path: undefined,
  ask: (trace, subject) => set({ asked: { trace, subject }, path: undefined }),
  close: () => set({ asked: undefined, path: undefined }),
  hidePath: () => set({ path: undefined }),
  showPath: async (told) => {
    const { asked } = get();
    if (asked === undefined || asked.trace !== told.trace) return;
    const behind = await messagesBehind(told, asked.subject);
    if (get().asked === asked) set({ path: { trace: told.trace, ...behind } });
  },
}));

export function subjectKey(subject: CauseSubject): string {
  if (subject.kind === "message") return `m${subject.message}`;
  return `f${subject.node} ${subject.tick} ${subject.fact.relation} ${rowKey(subject.fact.row)}`;
}

const NOTHING: CauseAnswer = { causes: [], found: 0 };
const answers = new WeakMap<Trace, Map<string, Promise<CauseAnswer>>>();

/** One step back from a subject; asked of the worker once. */
export function causesOf(told: ToldRun, subject: CauseSubject): Promise<CauseAnswer> {
  return allCauses(told, [subject]).then(([answer]) => answer ?? NOTHING);
}

async function allCauses(
  { trace, index, deployed }: ToldRun,
  subjects: readonly CauseSubject[],
): Promise<readonly CauseAnswer[]> {
  const known = answers.get(trace) ?? new Map<string, Promise<CauseAnswer>>();
  answers.set(trace, known);
  const open = subjects.flatMap((subject) => {
    if (known.has(subjectKey(subject))) return [];
    const question = causeQuestion(deployed.program, trace, index, subject);
    if (question !== undefined) return [{ subject, question }];
    known.set(subjectKey(subject), Promise.resolve(NOTHING));
    return [];
  });
  if (open.length > 0) {
    const questions = open.map((each) => each.question);
    const all = simulationWorker().call("explain", { ...deployed, questions });
    open.forEach(({ subject }, i) => {
      const key = subjectKey(subject);
      const answer = all.then((list) => list[i] ?? NOTHING);
      known.set(key, answer);
      // A worker that failed may be asked again.
      answer.catch(() => known.delete(key));
    });
  }
  return Promise.all(subjects.map((subject) => known.get(subjectKey(subject))!));
}

/** A path that takes longer is shown as far as it goes. */
const PATIENCE_MS = 5_000;
/** Asked of the worker at once: each question carries the rows that its rules read. */
const AT_ONCE = 16;

interface Behind {
  readonly messages: ReadonlySet<number>;
  readonly complete: boolean;
}

/** Every message that the subject came of, itself included, back to the clients' requests. */
async function messagesBehind(told: ToldRun, from: CauseSubject): Promise<Behind> {
  const started = performance.now();
  const messages = new Set<number>();
  const open = new Map([[subjectKey(from), from]]);
  const seen = new Set<string>();
  while (open.size > 0 && performance.now() - started < PATIENCE_MS) {
    const batch = [...open].slice(0, AT_ONCE);
    for (const [key, subject] of batch) {
      open.delete(key);
      seen.add(key);
      if (subject.kind === "message") messages.add(subject.message);
    }
    const subjects = batch.map(([, subject]) => subject);
    const answered = await allCauses(told, subjects);
    for (const [i, subject] of subjects.entries()) {
      for (const behind of subjectsBehind(told, subject, answered[i]!)) {
        const key = subjectKey(behind);
        if (!seen.has(key)) open.set(key, behind);
      }
    }
  }
  return { messages, complete: open.size === 0 };
}

function subjectsBehind(
  { trace, index }: ToldRun,
  subject: CauseSubject,
  { causes }: CauseAnswer,
): readonly CauseSubject[] {
  const node = subject.kind === "fact" ? subject.node : sendingTick(trace, subject.message)?.node;
  if (node === undefined) return [];
  const arrived =
    subject.kind === "fact"
      ? arrivalsOf(trace, index, node, subject.tick, subject.fact).map((message): CauseSubject => ({
          kind: "message",
          message,
        }))
      : [];
  const facts = causes.flatMap((cause) =>
    [...cause.facts, ...(cause.group?.members.flat() ?? [])].flatMap(
      ({ fact, tick, constant }): readonly CauseSubject[] => {
        const since = constant ? undefined : sinceTick(trace, index, node, tick, fact);
        return since === undefined ? [] : [{ kind: "fact", node, tick: since, fact }];
      },
    ),
  );
  return [...arrived, ...facts];
}
