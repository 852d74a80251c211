import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { resolveClients } from "../analysis/resolveClients.ts";
import type { Fact } from "../evaluator/nodeEngine.ts";
import { clientShape, requestRow } from "../simulator/clients.ts";
import type { ClientShape } from "../simulator/clients.ts";
import { answerCounts } from "./answerCounts.ts";
import type { Part } from "./answerCounts.ts";
import { eachSecond } from "./eachSecond.ts";
import type { Clock } from "./eachSecond.ts";
import { factSample, unansweredSentence } from "./loadErrors.ts";
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

/** So long after the measured part a late answer still counts as one. */
const DRAIN_SECONDS = 3;

type Phase = Part | "idle" | "over";

export async function startLoadClient(
  assignment: LoadAssignment,
  say: (message: FromProcess) => void,
): Promise<LoadClient> {
  const shape = shapeOf(assignment.analyzed);
  const seed = assignment.analyzed.deployment?.seed ?? 0;
  const think = shape.clients.think ?? 0;
  const matcher = requestMatcher(shape);
  const counts = answerCounts();
  const strays = factSample();
  const unnamed = factSample();
  let phase: Phase = "idle";
  let measuredFrom = 0;
  let measuredSeconds = 0;
  let asked = 0;
  let sent = 0;
  let duplicates = 0;
  let clock: Clock | undefined;

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
          if (phase !== "idle" && phase !== "over")
            counts.add(performance.now() - request.sentAt, phase);
          if (think > 0) setTimeout(askLater, think, request.loop);
          else ask(request.loop);
        }
    }
  }

  function askLater(loop: number): void {
    ask(loop);
    transport.flush();
  }

  function runPhase(named: "warmup" | "measured", seconds: number, next: () => void): void {
    phase = named;
    const secondOver = (second: number): void =>
      say({ kind: "second", phase: named, second, ...counts.secondOver(named) });
    clock = eachSecond(seconds, secondOver, next);
  }

  function measure(seconds: number): void {
    say({ kind: "measuring" });
    // Requests under way count as sent in the measured part, so that one that is never answered shows.
    sent = matcher.waitingCount;
    measuredFrom = performance.now();
    runPhase("measured", seconds, () => {
      measuredSeconds = seconds;
      drain();
    });
  }

  /** Nobody asks any more; who has asked may still be answered. */
  function drain(): void {
    say({ kind: "measured" });
    clock?.stop();
    phase = "drain";
    if (matcher.waitingCount === 0) finish();
    else clock = eachSecond(DRAIN_SECONDS, () => undefined, finish);
  }

  function finish(): void {
    if (phase === "over") return;
    clock?.stop();
    phase = "over";
    const waiting = matcher.waiting();
    const errors = [
      ...strays.sentence("answers fit no request", "answer fits no request"),
      ...unnamed.sentence(
        "facts were sent to the clients in relations that are not among the deployment's answers",
        "fact was sent to the clients in a relation that is not among the deployment's answers",
      ),
      ...unansweredSentence(shape.clients.input, assignment.clients, waiting),
    ];
    say({
      kind: "loaded",
      figures: {
        seconds: measuredSeconds,
        ...counts.figures(),
        sent,
        unanswered: waiting.length,
        duplicates,
        errors,
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
      if (phase === "drain" || phase === "over") return;
      if (phase === "measured") measuredSeconds = (performance.now() - measuredFrom) / 1000;
      drain();
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
