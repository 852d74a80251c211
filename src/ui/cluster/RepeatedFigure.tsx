import type { ReactNode } from "react";
import type { OverRepeats } from "./overRepeats.ts";

/** A cell: the median, and under it how far the repeats lie apart. */
export function RepeatedFigure(props: {
  /** Undefined where there is nothing that it could be of. */
  readonly figure: OverRepeats | undefined;
  text(value: number): string;
}): ReactNode {
  const { figure, text } = props;
  if (figure === undefined) return <td>none</td>;
  return (
    <td>
      {text(figure.median)}
      {figure.of > 1 && (
        <span className="cell-range">
          {text(figure.from)} to {text(figure.to)}
        </span>
      )}
    </td>
  );
}
