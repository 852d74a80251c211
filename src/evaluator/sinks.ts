import { HeldTable } from "./heldTable.ts";
import type { ShapedRule } from "./componentShape.ts";
import type { Table } from "./table.ts";

/** What becomes of the head row in the target's `scratch`; `by` counts derivations and is 1 for pulses. */
export type Sink = (by: number) => void;

export function sinkFor(rule: ShapedRule, target: Table): Sink {
  if (!(target instanceof HeldTable)) return () => void target.add();
  const next = rule.timing === "next";
  if (rule.pulse) {
    return next ? () => target.pulseNext(target.upsert()) : () => target.pulse(target.upsert());
  }
  return next
    ? (by) => target.deriveNext(target.upsert(), by)
    : (by) => target.derive(target.upsert(), by);
}
