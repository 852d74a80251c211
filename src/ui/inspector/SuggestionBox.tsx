import type { ReactNode } from "react";
import { Prose } from "../shell/Prose.tsx";
import { useClew } from "../store/clewStore.ts";
import type { OfferView } from "../../workers/workspaceApi.ts";

/** What would work instead, and where it can be computed, a button that does it first. */
export function SuggestionBox({ offer }: { readonly offer: OfferView }): ReactNode {
  const apply = useClew((state) => state.applyOffer);
  const suggestion =
    offer.suggestion ??
    offer.preconditions.flatMap((p) =>
      p.verdict === "violated" && p.suggestion ? [p.suggestion] : [],
    )[0];
  if (suggestion === undefined) return null;
  const { steps } = suggestion;
  return (
    <div className="suggestion">
      <p>
        <Prose text={suggestion.sentence} strongStart />
      </p>
      {steps !== undefined && steps.length > 0 && (
        <button className="button" onClick={() => void apply({ steps, name: offer.defaultName })}>
          Do this first
        </button>
      )}
    </div>
  );
}
