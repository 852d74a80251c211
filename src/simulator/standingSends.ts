import type { NodeEngine, Send, TickReport } from "../evaluator/nodeEngine.ts";
import type { RelationName } from "../program/program.ts";
import { rowKey } from "../program/value.ts";

/** What one node does with the sends that it repeats tick after tick (language.md section 3, Standing sends). */
export interface StandingSends {
  /** What goes out after a tick besides the report's own sends. */
  afterTick(engine: NodeEngine, report: Pick<TickReport, "standing">): readonly Send[];
  /** Something has been held back: `release` must be called at the latest `RESEND_AFTER_MS` after it became true. */
  readonly heldBack: boolean;
  /** What was held back, each fact once. */
  release(): readonly Send[];
  /** From now on other policies hold, for the same channels. */
  follow(policies: ReadonlyMap<RelationName, StandingPolicy>): void;
}

export const RESEND_AFTER_MS = 100;

/** literal: every tick; coalesced: now and then, and once more when it stops holding; dropped: never again. */
export type StandingPolicy = "literal" | "coalesced" | "dropped";

/** `policies` names every channel that the node's component sends. */
export function standingSends(first: ReadonlyMap<RelationName, StandingPolicy>): StandingSends {
  let policies = first;
  let kept = undropped(first);
  let held = new Map<string, Send>();
  return {
    afterTick(engine, report) {
      if (kept.size === 0 || (report.standing === 0 && held.size === 0)) return [];
      const out: Send[] = [];
      const holds = new Map<string, Send>();
      for (const send of report.standing === 0 ? [] : engine.standing(kept)) {
        const policy = policies.get(send.relation);
        if (policy === "literal") out.push(send);
        if (policy === "coalesced") holds.set(sendKey(send), send);
      }
      for (const [key, send] of held) if (!holds.has(key)) out.push(send);
      held = holds;
      return out;
    },
    get heldBack() {
      return held.size > 0;
    },
    follow(others) {
      policies = others;
      kept = undropped(others);
    },
    release() {
      const out = [...held.values()];
      held = new Map();
      return out;
    },
  };
}

/** Enumerating what stands costs as much as the state is large, so what may be dropped is never asked for. */
function undropped(policies: ReadonlyMap<RelationName, StandingPolicy>): ReadonlySet<RelationName> {
  return new Set([...policies].flatMap(([name, p]) => (p === "dropped" ? [] : [name])));
}

function sendKey({ to, relation, row }: Send): string {
  return `${to} ${relation} ${rowKey(row)}`;
}
