// What the page's thread does while somebody types in a program of 1,005 rules: a trace of Chromium, in which every task
// that runs script counts. Needs a build: npm run build.
import { drop, standAt, typeBlanks, withApp } from "./app/editor.ts";
import { programOf } from "./app/programs.ts";
import { quantile, report } from "./report.ts";

const KEYSTROKES = 150;

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds, as `dur`. */
  readonly ts: number;
  readonly dur?: number;
  /** Of it on the processor, without what waited for one. */
  readonly tdur?: number;
  readonly args?: {
    readonly name?: string;
    readonly data?: {
      readonly functionName?: string;
      readonly url?: string;
      readonly type?: string;
    };
  };
}

interface Task {
  readonly milliseconds: number;
  /** Milliseconds of them on the processor: the page shares it with two workers and the browser's own processes. */
  readonly processor: number;
  /** What is known of what it did, the longest first. */
  readonly parts: readonly string[];
}

/** Each task of the page's thread in which script ran. */
function scriptTasks(events: readonly TraceEvent[]): readonly Task[] {
  const mainThreads = events.filter(
    (e) => e.name === "thread_name" && e.args?.name === "CrRendererMain",
  );
  const perThread = mainThreads.map(({ pid, tid }) => {
    const own = events.filter((e) => e.pid === pid && e.tid === tid);
    const script = own.filter((e) => e.name === "FunctionCall" || e.name === "RunMicrotasks");
    const tasks = own.filter(
      (e) => e.name === "ThreadControllerImpl::RunTask" && e.dur !== undefined,
    );
    return tasks
      .filter((task) => script.some((s) => s.ts >= task.ts && s.ts <= task.ts + task.dur!))
      .map((task) => ({
        milliseconds: task.dur! / 1000,
        processor: (task.tdur ?? task.dur!) / 1000,
        parts: partsOf(task, own),
      }));
  });
  return perThread.toSorted((a, b) => b.length - a.length)[0] ?? [];
}

/** Events, functions of the script and collections of garbage within a task, where they take a fifth of it. */
function partsOf(task: TraceEvent, events: readonly TraceEvent[]): readonly string[] {
  const long = task.dur! / 5;
  const within = events.filter(
    (e) => e !== task && e.ts >= task.ts && e.ts <= task.ts + task.dur! && (e.dur ?? 0) > long,
  );
  return [task, ...within.toSorted((a, b) => b.dur! - a.dur!)].map(({ name, dur, tdur, args }) => {
    const { functionName = "", type = "", url = "" } = args?.data ?? {};
    const what = [name, type, functionName, url.slice(url.lastIndexOf("/") + 1)];
    const processor = tdur === undefined ? "" : `, ${(tdur / 1000).toFixed(0)} ms of the processor`;
    return `${what.filter((w) => w !== "").join(" ")}: ${(dur! / 1000).toFixed(0)} ms${processor}`;
  });
}

let tasks: readonly Task[] = [];
await withApp(async (page, browser) => {
  const text = programOf(1_000);
  await drop(page, text);
  await standAt(page, text, "outInconsistent");
  await browser.startTracing(page, {
    categories: ["toplevel", "devtools.timeline", "v8.execute", "v8", "__metadata"],
  });
  await typeBlanks(page, KEYSTROKES);
  const trace = await browser.stopTracing();
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  tasks = scriptTasks(traceEvents);
});
if (tasks.length < KEYSTROKES) throw new Error(`only ${tasks.length} tasks were seen`);
const times = tasks.map(({ milliseconds }) => milliseconds);
const p95 = quantile(times, 0.95);
const longest = Math.max(...times);
report("typing", 0, [
  {
    what: `tasks of the page at ${KEYSTROKES} keystrokes`,
    value: tasks.length,
    unit: "",
  },
  { what: "their median", value: quantile(times, 0.5), unit: "ms" },
  { what: "95th percentile", value: p95, unit: "ms", goal: "≤ 16 ms", met: p95 <= 16 },
  { what: "the longest", value: longest, unit: "ms", goal: "≤ 50 ms", met: longest <= 50 },
  {
    what: "the longest in time of the processor",
    value: Math.max(...tasks.map(({ processor }) => processor)),
    unit: "ms",
  },
]);
for (const { parts } of tasks.toSorted((a, b) => b.milliseconds - a.milliseconds).slice(0, 3))
  console.log(`\n  ${parts.join("\n    ")}`);
