import type { NodeEngine, Send, TickReport } from "../evaluator/nodeEngine.ts";
import type { RelationName } from "../program/program.ts";

/** What one node does with the sends that it repeats tick after tick (language.md section 3, Standing sends). */
export interface StandingSends {
  /** What goes out after a tick besides the report's own sends. */
  afterTick(engine: NodeEngine, report: Pick<TickReport, "standing">): readonly Send[];
  /** Something has been held back: `release` must be called at the latest `RESEND_AFTER_MS` after it became true. */
  readonly heldBack: boolean;
  /** What was held back, each fact once. */
  release(): readonly Send[];
  /** From now on other policies hold for the same channels; a channel that was coalesced is so still. */
  follow(policies: ReadonlyMap<RelationName, StandingPolicy>): void;
}

export const RESEND_AFTER_MS = 100;

/** literal: every tick; coalesced: now and then, and once more when it stops holding; dropped: never again. */
export type StandingPolicy = "literal" | "coalesced" | "dropped";

/** `policies` names every channel that the node's component sends. */
export function standingSends(policies: ReadonlyMap<RelationName, StandingPolicy>): StandingSends {
  let literal = channelsThat(policies, "literal");
  let coalesced = channelsThat(policies, "coalesced");
  /** Everything that stands there is held back, of these channels; undefined when it is nothing. */
  let held:
    { readonly engine: NodeEngine; readonly channels: ReadonlySet<RelationName> } | undefined;
  return {
    afterTick(engine, report) {
      const again = literal.size === 0 || report.standing === 0 ? [] : engine.standing(literal);
      if (coalesced.size === 0) return again;
      const { standing, ceased } = engine.standingChange(coalesced);
      const out = held === undefined ? again : [...again, ...ceased];
      held = standing === 0 ? undefined : { engine, channels: coalesced };
      return out;
    },
    get heldBack() {
      return held !== undefined;
    },
    follow(others) {
      literal = channelsThat(others, "literal");
      coalesced = channelsThat(others, "coalesced");
    },
    release() {
      const out = held === undefined ? [] : held.engine.standing(held.channels);
      held = undefined;
      return out;
    },
  };
}

/**
 * Enumerating what stands costs as much as the state is large: what may be dropped is never asked for, what is coalesced
 * only when it goes out.
 */
function channelsThat(
  policies: ReadonlyMap<RelationName, StandingPolicy>,
  are: StandingPolicy,
): ReadonlySet<RelationName> {
  return new Set([...policies].flatMap(([name, policy]) => (policy === are ? [name] : [])));
}
