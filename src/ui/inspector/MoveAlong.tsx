import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import type { OfferView } from "../../workers/workspaceApi.ts";
import { useClew } from "../store/clewStore.ts";
import { selectedSelection } from "../store/selectors.ts";
import { workspace } from "../store/workspaceClient.ts";

interface Along {
  readonly rules: readonly string[];
  readonly words: string;
}

/** Which rules have to come along for a refused split, where the tool finds that: one press selects them all. */
export function MoveAlong({ offer }: { readonly offer: OfferView }): ReactNode {
  const along = useAlong(offer);
  const select = useClew((state) => state.select);
  if (along === undefined) return null;
  return (
    <div className="suggestion">
      <p>
        <b>{along.words.charAt(0).toUpperCase() + along.words.slice(1)} can move together.</b>
      </p>
      <button
        className="button"
        onClick={() => select({ rules: along.rules }, "replace", "elsewhere")}
      >
        Select them
      </button>
    </div>
  );
}

function useAlong(offer: OfferView): Along | undefined {
  const [along, setAlong] = useState<Along>();
  const isSplit = offer.rewrite.startsWith("decouple");
  useEffect(() => {
    const state = useClew.getState();
    const { document } = state;
    const selection = selectedSelection(state);
    if (!isSplit || document === undefined || selection === undefined) return;
    let isCurrent = true;
    workspace()
      .call("along", {
        document: document.source,
        at: document.at,
        selection,
        rewrite: offer.rewrite,
      })
      .then(
        (found) => isCurrent && setAlong(found),
        // Without an answer nothing is offered; what is wrong shows where the verdicts are.
        () => undefined,
      );
    return () => {
      isCurrent = false;
    };
  }, [offer, isSplit]);
  return along;
}
