import type { Fact, NodeEngine, Send } from "../evaluator/nodeEngine.ts";
import { RESEND_AFTER_MS } from "../simulator/standingSends.ts";
import type { StandingSends } from "../simulator/standingSends.ts";

/** Ticks one node when language.md section 3 says so. */
export interface NodeLoop {
  /** Facts for the next tick; all that wait enter together. */
  arrive(facts: readonly Fact[]): void;
  stop(): void;
}

export interface NodeLoopOptions {
  readonly engine: NodeEngine;
  readonly standing: StandingSends;
  readonly send: (send: Send) => void;
  /** Hands the tick's sends to the network. */
  readonly flush: () => void;
  /** The engine threw; the loop has stopped. */
  readonly failed: (error: unknown) => void;
}

export function startNodeLoop(options: NodeLoopOptions): NodeLoop {
  const { engine, standing, send, flush } = options;
  let waiting: Fact[] = [];
  let scheduled: NodeJS.Immediate | undefined;
  let resend: NodeJS.Timeout | undefined;
  let stopped = false;

  function schedule(): void {
    // After the poll phase, so that whatever other sockets brought enters the same tick.
    if (!stopped) scheduled ??= setImmediate(tick);
  }

  function tick(): void {
    scheduled = undefined;
    const arrived = waiting;
    waiting = [];
    try {
      const report = engine.tick(arrived);
      for (const one of report.sends) send(one);
      for (const one of standing.afterTick(engine, report)) send(one);
      if (standing.heldBack) resend ??= setTimeout(release, RESEND_AFTER_MS);
      if (report.unsettled) schedule();
    } catch (error) {
      stop();
      options.failed(error);
      return;
    }
    flush();
  }

  function release(): void {
    resend = undefined;
    for (const one of standing.release()) send(one);
    flush();
  }

  function stop(): void {
    stopped = true;
    clearImmediate(scheduled);
    clearTimeout(resend);
  }

  schedule();
  return {
    arrive(facts) {
      if (waiting.length === 0) waiting = [...facts];
      else for (const fact of facts) waiting.push(fact);
      schedule();
    },
    stop,
  };
}
