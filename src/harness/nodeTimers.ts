import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { ComponentName } from "../program/program.ts";
import { ringing, timerOf } from "../simulator/timers.ts";
import type { NodeLoop } from "./nodeLoop.ts";

/**
 * Starts the timers that the component reads, each with the phase that it has in a simulation of the same deployment:
 * nodes that start together are not to ring together. They end with the process, or when the result is called.
 */
export function startTimers(
  p: AnalyzedProgram,
  component: ComponentName,
  address: string,
  loop: NodeLoop,
): () => void {
  const started: NodeJS.Timeout[] = [];
  for (const relation of p.relations.values()) {
    if (relation.timerMs === undefined || !relation.readBy.includes(component)) continue;
    const timer = timerOf(p.deployment?.seed ?? 0, address, relation);
    let at = timer.phase;
    const ring = (): void => {
      loop.arrive([ringing(timer, at)]);
      at += timer.period;
    };
    const first = setTimeout(() => {
      ring();
      started.push(setInterval(ring, timer.period / 1_000));
    }, timer.phase / 1_000);
    started.push(first);
  }
  return () => {
    for (const timer of started) clearTimeout(timer);
  };
}
