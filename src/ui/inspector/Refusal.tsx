import type { ReactNode } from "react";
import { useClew } from "../store/clewStore.ts";
import { marks as marksOf } from "../store/selectors.ts";
import { Prose } from "../shell/Prose.tsx";
import type { OfferView } from "../../workers/workspaceApi.ts";
import { HeldConditions } from "./Conditions.tsx";
import { EvidenceChip } from "./EvidenceChip.tsx";
import { Remedies } from "./Remedies.tsx";

/** The violated sentences first, culprits lettered as in text and graph, then what would work; what holds is folded. */
export function Refusal({ offer }: { readonly offer: OfferView }): ReactNode {
  const marks = useClew(marksOf);
  const violated = offer.preconditions.filter((p) => p.verdict === "violated");
  const lockstep = offer.preconditions.filter((p) => p.verdict === "lockstep");
  return (
    <>
      {violated.map((condition, index) => (
        <div key={`${condition.code} ${index}`} className="violated">
          <p className="violated-sentence">
            <Prose text={condition.statement} strongStart />
          </p>
          <div className="evidence">
            {condition.evidence.map((evidence, i) => {
              const mark = marks.find(({ place }) => samePlace(place, evidence));
              return (
                <EvidenceChip
                  key={i}
                  evidence={evidence}
                  {...(mark === undefined ? {} : { letter: mark.letter })}
                />
              );
            })}
            <WhyNotButton offer={offer} code={condition.code} />
          </div>
        </div>
      ))}
      {lockstep.map((condition, index) => (
        <p key={`${condition.code} ${index}`} className="lockstep-sentence">
          <Prose text={condition.statement} />
        </p>
      ))}
      <Remedies key={offer.key} offer={offer} />
      <HeldConditions offer={offer} />
      <p className="citation">{offer.citation}</p>
    </>
  );
}

function WhyNotButton({
  offer,
  code,
}: {
  readonly offer: OfferView;
  readonly code: string;
}): ReactNode {
  const ask = useClew((state) => state.askWhyNot);
  return (
    <button
      className="why-not-link"
      data-why-not={code}
      onClick={() => ask({ offer: offer.key, code })}
    >
      Why not?
    </button>
  );
}

/** Whether two places are one: evidence may name a place twice for two reasons. */
function samePlace(a: object, b: object): boolean {
  const place = (it: object): string => JSON.stringify({ ...it, because: "" });
  return place(a) === place(b);
}
