import type { ReactNode } from "react";
import type { Evidence } from "../../program/evidence.ts";
import type { Precondition } from "../../rewrites/rewrite.ts";
import type { OfferView } from "../../workers/workspaceApi.ts";
import { VerdictIcon } from "../icons/VerdictIcon.tsx";
import { Prose } from "../shell/Prose.tsx";
import { EvidenceChip } from "./EvidenceChip.tsx";

/** Every condition with its evidence. */
export function AllConditions({ offer }: { readonly offer: OfferView }): ReactNode {
  return <ConditionList conditions={offer.preconditions} />;
}

/** What only holds while sibling nodes tick together. */
export function LockstepConditions({ offer }: { readonly offer: OfferView }): ReactNode {
  return <ConditionList conditions={offer.preconditions.filter((p) => p.verdict === "lockstep")} />;
}

/** Conditions that hold, folded: they are not what the user came to read. */
export function HeldConditions({ offer }: { readonly offer: OfferView }): ReactNode {
  const held = offer.preconditions.filter((p) => p.verdict === "holds");
  if (held.length === 0) return null;
  return (
    <details className="held">
      <summary>{held.length} that hold</summary>
      <ConditionList conditions={held} />
    </details>
  );
}

/** Rules that are there for one and the same reason share a chip. */
function alike(evidence: readonly Evidence[]): readonly Evidence[] {
  const rules = new Map<string, string[]>();
  for (const each of evidence) {
    if (each.kind === "rule")
      rules.set(each.because, [...(rules.get(each.because) ?? []), each.rule]);
  }
  const groups = [...rules].map(([because, ids]): Evidence =>
    ids.length === 1
      ? { kind: "rule", rule: ids[0]!, because }
      : { kind: "path", rules: ids, because },
  );
  return [...groups, ...evidence.filter((each) => each.kind !== "rule")];
}

export function ConditionList({
  conditions,
}: {
  readonly conditions: readonly Precondition[];
}): ReactNode {
  return (
    <ul className="conditions">
      {conditions.map((condition, index) => (
        <li key={`${condition.code} ${index}`}>
          <VerdictIcon verdict={condition.verdict} size={14} />
          <div>
            <p>
              <Prose text={condition.statement} />
            </p>
            {condition.evidence.length > 0 && (
              <div className="evidence">
                {alike(condition.evidence).map((evidence, i) => (
                  <EvidenceChip key={i} evidence={evidence} />
                ))}
              </div>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
