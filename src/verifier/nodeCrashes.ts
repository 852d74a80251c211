import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { joined, quoted } from "../analysis/wording.ts";
import { originalOf } from "../evaluator/environment.ts";
import type { Send } from "../evaluator/nodeEngine.ts";
import type { RelationName } from "../program/program.ts";
import { eventInputs } from "./eventInputs.ts";

/** A node of the original program that may crash and start again, so often at most, or go down and stay down. */
export interface Crash {
  readonly node: string;
  readonly times: number | "for good";
}

/** No relation has a name with a blank in it. */
const CRASH = "crash of";
const END = "end of";

/**
 * Crashes that may happen at any moment, each so often; a sentence when there is no such node. They are inputs of which no
 * message comes: what they do is in `Machine.crashing`, `Machine.afterCrash` and `Machine.down`.
 */
export function crashInputs(
  p: AnalyzedProgram,
  crashes: readonly Crash[],
): readonly Send[] | string {
  const originals = originalsOf(p);
  return eventInputs(crashes, ({ node, times }) => {
    if (originals.includes(node)) {
      return times === "for good"
        ? [{ relation: END, row: [], to: node }]
        : Array.from({ length: times }, () => ({ relation: CRASH, row: [], to: node }));
    }
    if (!addressesOf(p).includes(node)) {
      return `There is no node ${quoted(node)}; there is ${joined(originals.map(quoted))}.`;
    }
    const own = originalOf(p.deployment!, node);
    return `${quoted(node)} does not crash alone, but with all that ${quoted(own)} became: name ${quoted(own)}.`;
  });
}

/** The nodes that may crash: with each of them all that rewrites have made of it. */
export function originalsOf(p: AnalyzedProgram): readonly string[] {
  return [...new Set(addressesOf(p).map((at) => originalOf(p.deployment!, at)))];
}

function addressesOf({ deployment }: AnalyzedProgram): readonly string[] {
  return Object.values(deployment?.instances ?? {}).flat();
}

/** The original node that crashes, for good or not; undefined of an input that is sent. */
export function crashOf({ relation, to }: Send): string | undefined {
  return relation === CRASH || relation === END ? to : undefined;
}

/** Whether an input is a crash after which the node does not start again. */
export function isForGood({ relation }: Send): boolean {
  return relation === END;
}

/** Whether a node that starts again has what it kept of that relation. */
export function outlivesCrash(p: AnalyzedProgram, relation: RelationName): boolean {
  return p.relations.get(relation)?.durable === true;
}
