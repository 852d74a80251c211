import { randomBytes } from "node:crypto";
import { elsewhere } from "../plan/placement.ts";
import type { Plan } from "../plan/plan.ts";
import type { Results } from "../plan/results.ts";
import type { RunEvent } from "../plan/runApi.ts";
import type { FromProcess, LoadFigures, RunSettings } from "./messages.ts";
import { busySince, machineTime } from "./machineTime.ts";
import { runMembers } from "./runMembers.ts";
import type { Member } from "./runMembers.ts";
import { runResults } from "./runResults.ts";

/** A run on this machine: one process for each protocol node, one for all clients. */
export interface LocalRun {
  /** The last event that will be reported, after which no process of the run is left. */
  readonly done: Promise<Extract<RunEvent, { kind: "finished" | "failed" | "stopped" }>>;
  /** Ends it early; what was measured is kept. */
  stop(): void;
  /** Of every process, for tests that kill. */
  pids(): Readonly<Record<string, number | undefined>>;
}

/** Longest time from the start of the processes until all of them listen. */
const READY_MS = 60_000;
/** How long the load client may take beyond its phases before it counts as lost. */
const REPORT_MS = 15_000;
/** How long it may take to report when it is told to stop. */
const STOP_MS = 5_000;
/** How long the nodes may take to say what they used. */
const LAST_SAMPLE_MS = 2_000;
const SAMPLE_MS = 1000;

/** Starts the plan's nodes and clients on loopback, drives them, and tears everything down. */
export function startLocalRun(
  plan: Plan,
  settings: RunSettings,
  report: (event: RunEvent) => void,
): LocalRun {
  const secret = randomBytes(32).toString("hex");
  const members = runMembers({ heard, lost });
  const errors: string[] = [];
  const clientsAddress = plan.deployment.clients.address;
  let phase: "starting" | "loading" | "over" = "starting";
  let measuring = false;
  let stopping = false;
  let machine = machineTime();
  let machineBusy: number | undefined;
  const seconds: number[] = [];
  let loaded: LoadFigures | undefined;
  /** Processes whose figures at the end of the measured part are not here yet. */
  let unsampled: Set<Member> = new Set();
  let watchdog: NodeJS.Timeout | undefined;
  let sampler: NodeJS.Timeout | undefined;
  let settle: (event: Awaited<LocalRun["done"]>) => void = () => undefined;
  const done = new Promise<Awaited<LocalRun["done"]>>((resolve) => {
    settle = resolve;
  });

  function startAll(): void {
    if (phase === "over") return;
    const refusal = placedElsewhere(plan);
    if (refusal !== undefined) return fail(refusal);
    report({ kind: "starting", nodes: plan.file.nodes.length });
    const shared = { analyzed: plan.analyzed, secret };
    for (const { address, component, port } of plan.file.nodes) {
      const listenOn = port === "assign" ? 0 : port;
      members.start(address, component).process.send({
        kind: "assign",
        assignment: { role: "node", address, component, port: listenOn, ...shared },
      });
    }
    members.start(clientsAddress, "").process.send({
      kind: "assign",
      assignment: { role: "load", address: clientsAddress, clients: settings.clients, ...shared },
    });
    watch(READY_MS, () => {
      const names = members.notReady().join(", ");
      fail(`Not all processes were ready within ${READY_MS / 1000} s: ${names}.`);
    });
  }

  function heard(member: Member, message: FromProcess): void {
    if (phase === "over") return;
    switch (message.kind) {
      case "ready":
        member.port = message.port;
        if (members.notReady().length === 0) load();
        return;
      case "sample":
        member.latest = message.figures;
        if (measuring) member.before ??= message.figures;
        unsampled.delete(member);
        return finishWhenSampled();
      case "note":
        errors.push(message.message);
        return;
      case "second":
        return second(message);
      case "measuring":
        measuring = true;
        machine = machineTime();
        return sample();
      case "measured":
        machineBusy = busySince(machine);
        unsampled = new Set(members.alive());
        return sample();
      case "loaded":
        loaded = message.figures;
        watch(LAST_SAMPLE_MS, () => finish(message.figures));
        return finishWhenSampled();
      case "fault":
        return;
    }
  }

  function sample(): void {
    members.sendAll({ kind: "sample" });
  }

  function second(message: Extract<FromProcess, { kind: "second" }>): void {
    const { phase: part, second: at, answered, p50, p99 } = message;
    if (part === "warmup") {
      report({ kind: "warming", second: at, of: settings.warmupSeconds });
    } else {
      seconds.push(answered);
      report({ kind: "second", second: at, of: settings.durationSeconds, answered, p50, p99 });
    }
  }

  function load(): void {
    phase = "loading";
    members.sendAll({ kind: "connect", ports: members.ports() });
    const { warmupSeconds, durationSeconds } = settings;
    members.send(clientsAddress, { kind: "load", warmupSeconds, durationSeconds });
    sampler = setInterval(sample, SAMPLE_MS);
    const planned = 1000 * (warmupSeconds + durationSeconds);
    watch(planned + REPORT_MS, () => fail("The clients did not report in time."));
  }

  function lost(member: Member, how: string, output: string): void {
    if (phase === "over" || member.lost) return;
    const { address } = member.process;
    member.lost = true;
    report({ kind: "node-lost", address, how, output });
    const what = phase === "starting" ? "could not be started" : "was lost";
    const sentence = `“${address}” ${what}: ${how.replace(/\.$/, "")}.`;
    if (phase === "starting" || address === clientsAddress) return fail(sentence);
    errors.push(sentence);
    members.sendAll({ kind: "forget", address });
    unsampled.delete(member);
    finishWhenSampled();
  }

  /** Does it after so long, unless something else is waited for by then. */
  function watch(ms: number, act: () => void): void {
    clearTimeout(watchdog);
    watchdog = setTimeout(act, ms);
  }

  function finishWhenSampled(): void {
    if (loaded !== undefined && unsampled.size === 0) finish(loaded);
  }

  function finish(figures: LoadFigures): void {
    const measured = figures.seconds > 0 ? resultsOf(figures) : undefined;
    if (stopping) {
      return end({ kind: "stopped", ...(measured === undefined ? {} : { results: measured }) });
    }
    end({ kind: "finished", results: measured ?? resultsOf(figures) });
  }

  function resultsOf(figures: LoadFigures): Results {
    return runResults(plan, settings, figures, errors, {
      nodes: members.figures(),
      clientsCpuSeconds: members.figuresOf(clientsAddress)?.cpuSeconds ?? 0,
      ...(machineBusy === undefined ? {} : { machineBusy }),
    });
  }

  /** The load client is gone or silent: all that is known is what it said each second. */
  function fail(message: string): void {
    errors.push(message);
    const partial = seconds.length > 0 ? resultsOf(figuresFromSeconds(seconds)) : undefined;
    end({ kind: "failed", message, ...(partial === undefined ? {} : { results: partial }) });
  }

  function end(event: Awaited<LocalRun["done"]>): void {
    if (phase === "over") return;
    phase = "over";
    clearTimeout(watchdog);
    clearInterval(sampler);
    void members.end().then(() => {
      report(event);
      settle(event);
    });
  }

  // Not at once, so that the caller has the run in hand before the first event.
  queueMicrotask(startAll);
  return {
    done,
    stop() {
      if (phase === "over" || stopping) return;
      stopping = true;
      if (phase === "starting") return end({ kind: "stopped" });
      members.send(clientsAddress, { kind: "stop" });
      watch(STOP_MS, () => fail("The clients did not stop in time."));
    },
    pids: members.pids,
  };
}

/** Why this machine alone cannot run the plan, in a sentence. */
function placedElsewhere(plan: Plan): string | undefined {
  const { nodes, hosts } = plan.file;
  const away = nodes.flatMap((node) => {
    const where = elsewhere(node, hosts);
    return where === undefined ? [] : [{ node, where }];
  });
  const [first] = away;
  if (first === undefined) return undefined;
  const others = away.length === 1 ? "" : ` and ${away.length - 1} more are planned elsewhere`;
  return `Node “${first.node.address}” is planned for host ${first.where}${others}, but the target “local” runs everything on this machine.`;
}

function figuresFromSeconds(seconds: readonly number[]): LoadFigures {
  const answered = seconds.reduce((sum, n) => sum + n, 0);
  return {
    seconds: seconds.length,
    answeredInTime: answered,
    perSecond: seconds,
    latencyMs: { p50: 0, p90: 0, p99: 0, p999: 0, max: 0 },
    sent: answered,
    answered,
    unanswered: 0,
    duplicates: 0,
    errors: [],
    histogram: "",
  };
}
