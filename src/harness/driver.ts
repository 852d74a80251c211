import { randomBytes } from "node:crypto";
import type { Plan } from "../plan/plan.ts";
import type { NodeFigures, Results } from "../plan/results.ts";
import type { RunEvent } from "../plan/runApi.ts";
import type { FromProcess, LoadFigures, RunSettings } from "./messages.ts";
import { startProcess } from "./processes.ts";
import type { RunProcess } from "./processes.ts";
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
/** Hosts that mean this machine. */
const HERE = ["assign", "localhost", "127.0.0.1"];
const SAMPLE_MS = 1000;
const NO_FIGURES = {
  cpuSeconds: 0,
  memoryBytes: 0,
  messagesIn: 0,
  messagesOut: 0,
  rowsIn: 0,
  rowsOut: 0,
};

interface Member {
  readonly process: RunProcess;
  readonly component: string;
  port: number | undefined;
  lost: boolean;
  /** At the start of the measured part, and the latest. */
  before: NodeFigures | undefined;
  latest: NodeFigures | undefined;
}

/** Starts the plan's nodes and clients on loopback, drives them, and tears everything down. */
export function startLocalRun(
  plan: Plan,
  settings: RunSettings,
  report: (event: RunEvent) => void,
): LocalRun {
  const secret = randomBytes(32).toString("hex");
  const members = new Map<string, Member>();
  const errors: string[] = [];
  const clientsAddress = plan.deployment.clients.address;
  let phase: "starting" | "loading" | "over" = "starting";
  let measuring = false;
  let stopping = false;
  let seconds: number[] = [];
  let watchdog: NodeJS.Timeout | undefined;
  let sampler: NodeJS.Timeout | undefined;
  let settle: (event: Awaited<LocalRun["done"]>) => void = () => undefined;
  const done = new Promise<Awaited<LocalRun["done"]>>((resolve) => {
    settle = resolve;
  });

  function startAll(): void {
    if (phase === "over") return;
    const elsewhere = plan.file.nodes.find((n) => !HERE.includes(n.host));
    if (elsewhere !== undefined) {
      return fail(
        `Node “${elsewhere.address}” is planned for host “${elsewhere.host}”, but the target “local” runs everything on this machine.`,
      );
    }
    report({ kind: "starting", nodes: plan.file.nodes.length });
    const shared = { analyzed: plan.analyzed, secret };
    for (const { address, component, port } of plan.file.nodes) {
      const listenOn = port === "assign" ? 0 : port;
      start(address, component).process.send({
        kind: "assign",
        assignment: { role: "node", address, component, port: listenOn, ...shared },
      });
    }
    start(clientsAddress, "").process.send({
      kind: "assign",
      assignment: { role: "load", address: clientsAddress, clients: settings.clients, ...shared },
    });
    watch(READY_MS, () => {
      const late = [...members.values()].filter((m) => m.port === undefined);
      const names = late.map((m) => m.process.address).join(", ");
      return `Not all processes were ready within ${READY_MS / 1000} s: ${names}.`;
    });
  }

  function start(address: string, component: string): Member {
    const process = startProcess(address, {
      said: (message) => heard(member, message),
      lost: (how, output) => lost(member, how, output),
    });
    const member: Member = {
      process,
      component,
      port: undefined,
      lost: false,
      before: undefined,
      latest: undefined,
    };
    members.set(address, member);
    return member;
  }

  function heard(member: Member, message: FromProcess): void {
    if (phase === "over") return;
    switch (message.kind) {
      case "ready":
        member.port = message.port;
        if ([...members.values()].every((m) => m.port !== undefined)) load();
        return;
      case "sample":
        member.latest = message.figures;
        if (measuring) member.before ??= message.figures;
        return;
      case "note":
        errors.push(message.message);
        return;
      case "second":
        return second(message);
      case "measuring":
        measuring = true;
        return sampleAll();
      case "measured":
        return sampleAll();
      case "loaded":
        return finish(message.figures);
      case "fault":
        return;
    }
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
    const ports = Object.fromEntries([...members].map(([address, m]) => [address, m.port ?? 0]));
    for (const { process } of members.values()) process.send({ kind: "connect", ports });
    const { warmupSeconds, durationSeconds } = settings;
    members.get(clientsAddress)?.process.send({ kind: "load", warmupSeconds, durationSeconds });
    sampler = setInterval(sampleAll, SAMPLE_MS);
    watch(
      1000 * (warmupSeconds + durationSeconds) + REPORT_MS,
      () => "The clients did not report in time.",
    );
  }

  function sampleAll(): void {
    for (const { process } of members.values()) process.send({ kind: "sample" });
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
    for (const other of members.values()) other.process.send({ kind: "forget", address });
  }

  function watch(ms: number, message: () => string): void {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => fail(message()), ms);
  }

  function finish(figures: LoadFigures): void {
    const measured = figures.seconds > 0 ? resultsOf(figures) : undefined;
    if (stopping) {
      return end({ kind: "stopped", ...(measured === undefined ? {} : { results: measured }) });
    }
    end({ kind: "finished", results: measured ?? resultsOf(figures) });
  }

  function resultsOf(figures: LoadFigures): Results {
    return runResults(plan, settings, figures, errors, nodeFigures());
  }

  /** What each node used in the measured part; of a lost one, until its last sample. */
  function nodeFigures(): Readonly<Record<string, NodeFigures>> {
    const nodes = [...members].filter(([address]) => address !== clientsAddress);
    return Object.fromEntries(
      nodes.map(([address, { component, before, latest }]) => [
        address,
        { ...difference(before ?? latest, latest), component },
      ]),
    );
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
    void Promise.all([...members.values()].map((m) => m.process.end())).then(() => {
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
      members.get(clientsAddress)?.process.send({ kind: "stop" });
      watch(STOP_MS, () => "The clients did not stop in time.");
    },
    pids: () => Object.fromEntries([...members].map(([address, m]) => [address, m.process.pid])),
  };
}

function difference(before: NodeFigures | undefined, after: NodeFigures | undefined): NodeFigures {
  if (before === undefined || after === undefined) return { component: "", ...NO_FIGURES };
  return {
    component: after.component,
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
    memoryBytes: after.memoryBytes,
    messagesIn: after.messagesIn - before.messagesIn,
    messagesOut: after.messagesOut - before.messagesOut,
    rowsIn: after.rowsIn - before.rowsIn,
    rowsOut: after.rowsOut - before.rowsOut,
  };
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
