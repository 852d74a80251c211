import type { ReactNode } from "react";
import type { Suggestion } from "../../rewrites/rewrite.ts";
import type { OfferView } from "../../workers/workspaceApi.ts";
import { Prose } from "../shell/Prose.tsx";
import { useClew } from "../store/clewStore.ts";

/** What would work instead: another rewrite of the same rules, or what would mend the gravest violation. */
export function SuggestionBox({ offer }: { readonly offer: OfferView }): ReactNode {
  const apply = useClew((state) => state.applyOffer);
  const focus = useClew((state) => state.focusOffer);
  const other = useClew((state) =>
    state.offers.find((each) => each.verdict === "holds" && !each.normalisation),
  );
  const suggestion = suggestionOf(offer);
  if (other !== undefined && suggestion?.steps === undefined) {
    return (
      <div className="suggestion">
        <p>
          <b>Try {other.title.toLowerCase()}.</b> It applies to this selection.
          {suggestion !== undefined && (
            <>
              {" Or: "}
              <Prose text={suggestion.sentence} />
            </>
          )}
        </p>
        <button className="button" onClick={() => focus(other.key)}>
          Show it
        </button>
      </div>
    );
  }
  if (suggestion === undefined) return null;
  const steps = suggestion.steps ?? [];
  return (
    <div className="suggestion">
      <p>
        <Prose text={suggestion.sentence} strongStart />
      </p>
      {steps.length > 0 && (
        <button className="button" onClick={() => void apply({ steps })}>
          Do this first
        </button>
      )}
    </div>
  );
}

/** That of the first violated condition: mending another one would not help. */
function suggestionOf(offer: OfferView): Suggestion | undefined {
  const first = offer.preconditions.find((condition) => condition.verdict === "violated");
  return first?.verdict === "violated" ? first.suggestion : undefined;
}
