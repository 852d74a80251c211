import type { ReactNode } from "react";
import { countText, millisecondsText } from "./amounts.ts";
import { RepeatedFigure } from "./RepeatedFigure.tsx";
import type { SecondsLine } from "./secondsLines.ts";

/** The charts' figures as text. */
export function SecondsTable({ lines }: { readonly lines: readonly SecondsLine[] }): ReactNode {
  return lines.map((line) => (
    <table className="figure-table" key={line.key}>
      <caption>
        {line.title}
        {line.of > 1 && `, medians of ${line.of}`}
      </caption>
      <thead>
        <tr>
          <th scope="col">second</th>
          <th scope="col">answered</th>
          <th scope="col">median latency</th>
          <th scope="col">99th percentile</th>
        </tr>
      </thead>
      <tbody>
        {line.seconds.map((second) => (
          <tr key={second.second}>
            <td>{second.second}</td>
            <RepeatedFigure figure={second.answered} text={countText} />
            <RepeatedFigure figure={second.p50} text={millisecondsText} />
            <RepeatedFigure figure={second.p99} text={millisecondsText} />
          </tr>
        ))}
      </tbody>
    </table>
  ));
}
