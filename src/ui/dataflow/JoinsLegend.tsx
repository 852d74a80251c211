import type { ReactNode } from "react";

/** What the marks on the threads mean. */
export function JoinsLegend(): ReactNode {
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
      </ul>
    </div>
  );
}
