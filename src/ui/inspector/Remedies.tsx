import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import type { OfferView, RemedyView } from "../../workers/workspaceApi.ts";
import { Prose } from "../shell/Prose.tsx";
import { useClew } from "../store/clewStore.ts";
import { shownView } from "../store/selectors.ts";
import { workspace } from "../store/workspaceClient.ts";
import { applyFix } from "../text/editorCommands.ts";
import { SuggestionBox } from "./SuggestionBox.tsx";

/** What would make a refused rewrite legal, each a step to take; a hint where nothing was found that does. */
export function Remedies({ offer }: { readonly offer: OfferView }): ReactNode {
  const found = useRemedies(offer);
  // Another rewrite of the same rules has a card of its own, which the hint names.
  const told = found?.filter(({ kind }) => kind !== "other-rewrite") ?? [];
  return (
    <>
      <SuggestionBox offer={offer} hint={found !== undefined && told.length === 0} />
      {told.map((remedy) => (
        <div key={remedy.sentence} className="suggestion">
          <p>
            <b>
              <Prose text={remedy.sentence} />
            </b>
          </p>
          <TakeIt remedy={remedy} />
        </div>
      ))}
    </>
  );
}

function TakeIt({ remedy }: { readonly remedy: RemedyView }): ReactNode {
  const select = useClew((state) => state.select);
  const apply = useClew((state) => state.applyOffer);
  const view = useClew(shownView);
  const { rules, first, declare } = remedy;
  if (rules !== undefined) {
    return (
      <button className="button" onClick={() => select({ rules }, "replace", "elsewhere")}>
        Select them
      </button>
    );
  }
  if (declare !== undefined) {
    const start = view?.components[0]?.block.start;
    if (start === undefined || view?.dialect !== "compact") return null;
    const edits = [{ span: { start, end: start }, text: `${declare}\n` }];
    return (
      <button className="button" onClick={() => applyFix({ title: remedy.sentence, edits })}>
        Declare it
      </button>
    );
  }
  if (first.length === 0) return null;
  return (
    <button className="button" onClick={() => void apply({ steps: first })}>
      Do this first
    </button>
  );
}

function useRemedies(offer: OfferView): readonly RemedyView[] | undefined {
  const [found, setFound] = useState<readonly RemedyView[]>();
  useEffect(() => {
    const { document } = useClew.getState();
    const step = offer.steps.at(-1);
    if (document === undefined || step === undefined) return;
    const asked = new AbortController();
    const { signal } = asked;
    workspace()
      .call("remedies", { document: document.source, at: document.at, step }, { signal })
      .then(
        (answer) => signal.aborted || setFound(answer),
        // Without an answer nothing is offered; what is wrong shows where the verdicts are.
        () => undefined,
      );
    return () => asked.abort();
  }, [offer]);
  return found;
}
