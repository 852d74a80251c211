import type { ReactNode } from "react";
import type { OfferView } from "../../workers/workspaceApi.ts";
import { Prose } from "../shell/Prose.tsx";
import { useClew } from "../store/clewStore.ts";

/** Another rewrite that applies to the same rules; and where no step helps, a change of the program. */
export function SuggestionBox({
  offer,
  hint,
}: {
  readonly offer: OfferView;
  readonly hint: boolean;
}): ReactNode {
  const focus = useClew((state) => state.focusOffer);
  const other = useClew((state) =>
    state.offers.find((each) => each.verdict === "holds" && !each.normalisation),
  );
  const { suggestion } = offer;
  const sentence = hint && suggestion?.byHand ? suggestion.sentence : undefined;
  if (other === undefined && sentence === undefined) return null;
  return (
    <div className="suggestion">
      <p>
        {other !== undefined && (
          <>
            <b>Try {other.title.toLowerCase()}.</b> It applies to this selection.
          </>
        )}
        {other !== undefined && sentence !== undefined && " Or: "}
        {sentence !== undefined && <Prose text={sentence} />}
      </p>
      {other !== undefined && (
        <button className="button" onClick={() => focus(other.key)}>
          Show it
        </button>
      )}
    </div>
  );
}
