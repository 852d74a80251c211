import { copySplit } from "./copySplit.ts";
import { declareDependency } from "./declareDependency.ts";
import { decoupleAsymmetric } from "./decoupleAsymmetric.ts";
import { decoupleFunctional } from "./decoupleFunctional.ts";
import { decoupleMonotonic } from "./decoupleMonotonic.ts";
import { decoupleMutuallyIndependent } from "./decoupleMutuallyIndependent.ts";
import { decoupleStateMachine } from "./decoupleStateMachine.ts";
import { fold } from "./fold.ts";
import { partitionByCohashing } from "./partitionByCohashing.ts";
import { partitionPartially } from "./partitionPartially.ts";
import { partitionWithDependencies } from "./partitionWithDependencies.ts";
import { relay } from "./relay.ts";
import type { Rewrite } from "./rewrite.ts";
import { sendSealed } from "./sendSealed.ts";
import { splitHead } from "./splitHead.ts";
import { verifyMessages } from "./verifyMessages.ts";
import { verifySenders } from "./verifySenders.ts";

/**
 * Every rewrite there is, in the order in which offers are shown: what costs no messages first, then what costs more,
 * partitioning after all splits and hardening after both (composition rule 1, rewrites.md section 9), normalisations last because they are
 * inserted where a rewrite needs them.
 */
export const REWRITES: readonly Rewrite[] = [
  untyped(decoupleMutuallyIndependent),
  untyped(decoupleFunctional),
  untyped(decoupleMonotonic),
  untyped(decoupleStateMachine),
  untyped(decoupleAsymmetric),
  untyped(partitionByCohashing),
  untyped(partitionWithDependencies),
  untyped(partitionPartially),
  untyped(verifySenders),
  untyped(verifyMessages),
  untyped(fold),
  untyped(copySplit),
  untyped(relay),
  untyped(splitHead),
  untyped(sendSealed),
  untyped(declareDependency),
];

export function rewriteNamed(name: string): Rewrite | undefined {
  return REWRITES.find((rewrite) => rewrite.name === name);
}

/** A rewrite that forgets its targets' type: it only ever gets the targets that it made or read itself. */
function untyped<Target>(rewrite: Rewrite<Target>): Rewrite {
  return rewrite as Rewrite<unknown>;
}
