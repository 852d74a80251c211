import type { Fact } from "../../evaluator/nodeEngine.ts";
import type { ComponentName, Program, RelationName } from "../../program/program.ts";
import type { TraceIndex } from "../../simulator/stateAt.ts";
import type { Trace } from "../../simulator/trace.ts";

/** What a tick has already decided about the next one. */
export interface NextTick {
  readonly appears: readonly Fact[];
  readonly forgotten: readonly Fact[];
}

/**
 * The part of the next tick's changes that inductive rules make: what they kept until now and keep no more, and, for
 * relations that nothing else derives, what they add. What messages will bring is not decided yet.
 */
export function nextTick(
  program: Program,
  trace: Trace,
  index: TraceIndex,
  node: number,
  tick: number,
): NextTick {
  const after = trace.ticks[index.ticksOf(node)[tick] ?? -1];
  const component = trace.nodes[node]?.component;
  if (after === undefined || component === undefined) return { appears: [], forgotten: [] };
  const { inductive, only } = inductiveRelations(program, component);
  return {
    appears: after.appeared.filter((fact) => only.has(fact.relation)),
    forgotten: after.disappeared.filter((fact) => inductive.has(fact.relation)),
  };
}

function inductiveRelations(
  program: Program,
  component: ComponentName,
): Readonly<Record<"inductive" | "only", ReadonlySet<RelationName>>> {
  const rules = program.components.find((c) => c.name === component)?.rules ?? [];
  const inductive = new Set<RelationName>();
  const otherwise = new Set<RelationName>();
  for (const { head } of rules) {
    if (head.timing.kind === "next") inductive.add(head.relation);
    if (head.timing.kind === "now") otherwise.add(head.relation);
  }
  for (const { rules: all } of program.components) {
    for (const { head } of all) if (head.timing.kind === "async") otherwise.add(head.relation);
  }
  return { inductive, only: new Set([...inductive].filter((r) => !otherwise.has(r))) };
}
