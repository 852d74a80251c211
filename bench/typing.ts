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
  readonly args?: { readonly name?: string };
}

/** Milliseconds of each task of the page's thread in which script ran. */
function scriptTasks(events: readonly TraceEvent[]): readonly number[] {
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
      .map((task) => task.dur! / 1000);
  });
  return perThread.toSorted((a, b) => b.length - a.length)[0] ?? [];
}

let tasks: readonly number[] = [];
await withApp(async (page, browser) => {
  const text = programOf(1_000);
  await drop(page, text);
  await standAt(page, text, "outInconsistent");
  await browser.startTracing(page, {
    categories: ["toplevel", "devtools.timeline", "v8.execute", "__metadata"],
  });
  await typeBlanks(page, KEYSTROKES);
  const trace = await browser.stopTracing();
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  tasks = scriptTasks(traceEvents);
});
if (tasks.length < KEYSTROKES) throw new Error(`only ${tasks.length} tasks were seen`);
const p95 = quantile(tasks, 0.95);
const longest = Math.max(...tasks);
report("typing", 0, [
  {
    what: `tasks of the page at ${KEYSTROKES} keystrokes`,
    value: tasks.length,
    unit: "",
  },
  { what: "their median", value: quantile(tasks, 0.5), unit: "ms" },
  { what: "95th percentile", value: p95, unit: "ms", goal: "≤ 16 ms", met: p95 <= 16 },
  { what: "the longest", value: longest, unit: "ms", goal: "≤ 50 ms", met: longest <= 50 },
]);
