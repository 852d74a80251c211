import type { ReactNode } from "react";
import { CulpritSample } from "./Legend.tsx";

/** What the marks on the threads mean. */
export default function JoinsLegend({ culprits }: { readonly culprits: boolean }): ReactNode {
  return (
    <div className="legend">
      <ul aria-label="Lines">
        <li>
          <span className="join-sample" data-joins="true" aria-hidden="true" />
          literals must agree
        </li>
        <li>
          <span className="join-sample" aria-hidden="true" />
          passed on
        </li>
        <li>
          <span className="join-dot" aria-hidden="true" />
          compared
        </li>
        {culprits && (
          <li>
            <CulpritSample />
            culprit
          </li>
        )}
      </ul>
    </div>
  );
}
