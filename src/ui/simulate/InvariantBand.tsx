import type { ReactNode } from "react";
import { Prose } from "../shell/Prose.tsx";
import { findings, findingText, showFinding, sidesOf } from "./brokenInvariants.ts";
import type { SimulatedRun } from "./simulatedRun.ts";

/** The first thing that each side broke of what its program says must hold, above the diagram. */
export function InvariantBand({ run }: { readonly run: SimulatedRun }): ReactNode {
  return (
    <div className="invariant-band" role="status">
      {sidesOf(run).map(({ side, trace }) => {
        const [first, ...others] = findings(trace);
        if (first === undefined) return null;
        return (
          <div key={side} className="until-outcome broken">
            <p>
              <b>✗ Broken{run.rewritten === undefined ? "" : ` in the ${side}`}:</b>{" "}
              <Prose text={findingText(trace, first)} />
              {others.length > 0 && ` There is more; see “What must hold”.`}
            </p>
            <button className="button" onClick={() => showFinding(side, trace, first)}>
              Show it
            </button>
          </div>
        );
      })}
    </div>
  );
}
