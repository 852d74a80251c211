import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { resolveClients } from "../analysis/resolveClients.ts";
import { factText } from "../evaluator/evaluationError.ts";
import type { Fact } from "../evaluator/nodeEngine.ts";
import { clientShape, requestRow } from "../simulator/clients.ts";
import type { ClientShape } from "../simulator/clients.ts";
import { createLatencies } from "./latencies.ts";
import type { FromProcess, LoadAssignment } from "./messages.ts";
import { requestMatcher } from "./requestMatcher.ts";
import { createTransport } from "./transport.ts";
import type { Transport } from "./transport.ts";
import { wireSchema } from "./wireSchema.ts";

/** The closed loops of one run, all in one process: each asks again as soon as it is answered. */
export interface LoadClient {
  readonly transport: Transport;
  run(warmupSeconds: number, durationSeconds: number): void;
  /** Ends the run now; what was measured is reported. */
  stop(): void;
}

/** How long after the measured part a late answer still counts as one. */
const DRAIN_MS = 3000;

type Phase = "idle" | "warmup" | "measured" | "drain" | "over";

export async function startLoadClient(
  assignment: LoadAssignment,
  say: (message: FromProcess) => void,
): Promise<LoadClient> {
  const shape = shapeOf(assignment.analyzed);
  const seed = assignment.analyzed.deployment?.seed ?? 0;
  const think = shape.clients.think ?? 0;
  const matcher = requestMatcher(shape);
  const total = createLatencies();
  const lately = createLatencies();
  const strays = sample();
  const unnamed = sample();
  const perSecond: number[] = [];
  let phase: Phase = "idle";
  let measuredFrom = 0;
  let measuredSeconds = 0;
  let asked = 0;
  let sent = 0;
  let answered = 0;
  let answeredInTime = 0;
  let answeredLately = 0;
  let duplicates = 0;
  let clock: NodeJS.Timeout | undefined;

  const transport = await createTransport({
    address: assignment.address,
    secret: assignment.secret,
    schema: wireSchema(assignment.analyzed),
    receive,
    malformed: (from, message) =>
      say({ kind: "note", message: `The clients could not read what “${from}” sent: ${message}.` }),
  });

  function ask(loop: number): void {
    if (phase !== "warmup" && phase !== "measured") return;
    asked++;
    if (phase === "measured") sent++;
    const row = requestRow(shape, seed, asked);
    matcher.sent({ loop, row, sentAt: performance.now() });
    for (const to of shape.destinations) transport.send(to, shape.clients.input, row);
  }

  function receive(facts: readonly Fact[]): void {
    for (const fact of facts) take(fact);
    transport.flush();
    if (phase === "drain" && matcher.waitingCount === 0) finish();
  }

  function take(fact: Fact): void {
    if (!shape.answers.has(fact.relation)) return unnamed.add(fact);
    const matched = matcher.received(fact.relation, fact.row);
    switch (matched.kind) {
      case "stray":
        return strays.add(fact);
      case "duplicate":
        duplicates++;
        return;
      case "further":
        return;
      case "answer":
        for (const request of matched.requests) {
          count(performance.now() - request.sentAt);
          if (think > 0) setTimeout(askLater, think, request.loop);
          else ask(request.loop);
        }
    }
  }

  function askLater(loop: number): void {
    ask(loop);
    transport.flush();
  }

  function count(latency: number): void {
    answeredLately++;
    lately.record(latency);
    if (phase === "measured" || phase === "drain") answered++;
    if (phase !== "measured") return;
    answeredInTime++;
    total.record(latency);
  }

  /** Calls `secondOver` when each second of the phase ends, then `next`; late timers do not add up. */
  function runPhase(named: "warmup" | "measured", seconds: number, next: () => void): void {
    phase = named;
    const ends = performance.now() + seconds * 1000;
    let second = 0;
    const step = (): void => {
      if (second > 0) secondOver(named, second);
      if (second === seconds) return next();
      second++;
      const left = ends - (seconds - second) * 1000 - performance.now();
      clock = setTimeout(step, Math.max(0, left));
    };
    step();
  }

  function secondOver(named: "warmup" | "measured", second: number): void {
    if (named === "measured") perSecond.push(answeredLately);
    const [p50, p99] = [lately.percentile(50), lately.percentile(99)];
    say({ kind: "second", phase: named, second, answered: answeredLately, p50, p99 });
    answeredLately = 0;
    lately.reset();
  }

  function measure(seconds: number): void {
    say({ kind: "measuring" });
    // Requests under way count as sent in the measured part, so that one that is never answered shows.
    sent = matcher.waitingCount;
    measuredFrom = performance.now();
    runPhase("measured", seconds, () => {
      measuredSeconds = seconds;
      say({ kind: "measured" });
      drain();
    });
  }

  function drain(): void {
    phase = "drain";
    if (matcher.waitingCount === 0) finish();
    else clock = setTimeout(finish, DRAIN_MS);
  }

  function finish(stopped = false): void {
    if (phase === "over") return;
    clearTimeout(clock);
    phase = "over";
    const waiting = matcher.waiting();
    const errors = [
      ...strays.sentence("answers fit no request", "answer fits no request"),
      ...unnamed.sentence(
        "facts were sent to the clients in relations that are not among the deployment's answers",
        "fact was sent to the clients in a relation that is not among the deployment's answers",
      ),
      ...(stopped ? [] : unansweredSentence(shape, assignment.clients, waiting)),
    ];
    say({
      kind: "loaded",
      figures: {
        seconds: measuredSeconds,
        answeredInTime,
        perSecond,
        latencyMs: total.summary(),
        sent,
        answered,
        unanswered: waiting.length,
        duplicates,
        errors,
        histogram: total.encoded(),
      },
    });
  }

  return {
    transport,
    run(warmupSeconds, durationSeconds) {
      const begin = (): void => {
        for (let loop = 0; loop < assignment.clients; loop++) ask(loop);
        transport.flush();
      };
      if (warmupSeconds > 0) runPhase("warmup", warmupSeconds, () => measure(durationSeconds));
      else measure(durationSeconds);
      begin();
    },
    stop() {
      if (phase === "measured") measuredSeconds = (performance.now() - measuredFrom) / 1000;
      if (phase === "measured") say({ kind: "measured" });
      finish(true);
    },
  };
}

function shapeOf(p: AnalyzedProgram): ClientShape {
  const resolution = resolveClients(p);
  if (p.deployment === undefined || resolution.kind === "faults") {
    throw new Error("a plan was run whose clients do not fit its program");
  }
  return clientShape(p.deployment, resolution.clients);
}

/** Counts facts and keeps the first, for one sentence at the end. */
function sample(): {
  add(fact: Fact): void;
  sentence(many: string, one: string): readonly string[];
} {
  let count = 0;
  let first: Fact | undefined;
  return {
    add(fact) {
      first ??= fact;
      count++;
    },
    sentence: (many, one) =>
      first === undefined
        ? []
        : [
            count === 1
              ? `1 ${one}: ${factText(first)}.`
              : `${count} ${many}; the first is ${factText(first)}.`,
          ],
  };
}

function unansweredSentence(
  shape: ClientShape,
  clients: number,
  waiting: readonly { readonly loop: number; readonly row: Fact["row"] }[],
): readonly string[] {
  const first = waiting[0];
  if (first === undefined) return [];
  const request = factText({ relation: shape.clients.input, row: first.row });
  const wait = waiting.length === 1 ? "waits" : "wait";
  return [
    `${waiting.length} of ${clients} clients ${wait} for an answer; the first is client ${first.loop + 1}, which asked ${request}.`,
  ];
}
