import { useMemo } from "react";
import type { ReactNode, WheelEvent } from "react";
import type { DataflowProgram } from "./dataflowProps.ts";
import type { Selection } from "./flowElements.ts";
import type { JoinRow, JoinVariable } from "./joinTable.ts";
import type { Mark } from "./markedElements.ts";
import { shownJoins } from "./shownJoins.ts";
import type { ShownJoin } from "./shownJoins.ts";

/** The inside of the selected rules: literals down, variables across, a thread through all that share a variable. */
export default function JoinsView(props: {
  readonly program: DataflowProgram;
  readonly selection: Selection;
  readonly marks: readonly Mark[];
  onCoarser(): void;
}): ReactNode {
  const { program, selection, marks, onCoarser } = props;
  const { joins, left } = useMemo(() => shownJoins(program, selection), [program, selection]);
  const onWheel = (event: WheelEvent<HTMLElement>): void => {
    const { scrollHeight, clientHeight } = event.currentTarget;
    if (event.deltaY > 0 && (event.ctrlKey || scrollHeight <= clientHeight)) onCoarser();
  };
  return (
    // It scrolls, so the keyboard must be able to reach it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="joins" aria-label="Joins of the selection" tabIndex={0} onWheel={onWheel}>
      {joins.length === 0 && <p>Select a rule to see what it joins.</p>}
      {joins.map((join) => (
        <JoinPicture key={join.view.id} join={join} marks={marks} />
      ))}
      {left > 0 && <p className="quiet">{left} more selected rules are not shown.</p>}
    </section>
  );
}

function JoinPicture({
  join: { view, table },
  marks,
}: {
  readonly join: ShownJoin;
  readonly marks: readonly Mark[];
}): ReactNode {
  const { variables, rows, sentence } = table;
  return (
    <figure className="join">
      <figcaption>
        <span className="join-title">
          <span className="join-number">{view.number}</span>
          <strong>{view.head}</strong> in {view.component}
        </span>
        <span className="quiet">{sentence}</span>
      </figcaption>
      <table className="join-table" aria-label={`Rule ${view.number}, ${view.head}`}>
        <thead>
          <tr>
            <th scope="col">literal</th>
            {variables.map(({ name, joins }) => (
              <th key={name} scope="col" className={joins ? "is-join" : ""}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={rowKey(rows, i)} className={`join-row join-${row.kind}`}>
              <th scope="row">
                <RowName row={row} letters={letters(marks, view.id, rows, i)} />
              </th>
              {variables.map((variable) => (
                <Cell key={variable.name} variable={variable} row={row} at={i} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

/** A literal has no name of its own: its place in the rule. */
function rowKey(rows: readonly JoinRow[], at: number): string {
  return at === rows.length - 1 ? "head" : `literal ${at}`;
}

function RowName({ row, letters }: { readonly row: JoinRow; readonly letters: string }): ReactNode {
  return (
    <>
      {letters !== "" && <span className="letter">{letters}</span>}
      {row.negated && <span className="join-absent">no </span>}
      <span className={`join-name join-name-${row.kind} ${letters === "" ? "" : "is-culprit"}`}>
        {row.name}
        {row.kind === "function" && " ƒ"}
      </span>
      {row.timing !== "" && (
        <span className={`join-when join-when-${row.timing}`}>{row.timing}</span>
      )}
      {row.others.length > 0 && <span className="join-others">{row.others.join(", ")}</span>}
    </>
  );
}

/** What the literal has of the variable, on the variable's thread. */
function Cell(props: {
  readonly variable: JoinVariable;
  readonly row: JoinRow;
  readonly at: number;
}): ReactNode {
  const { variable, row, at } = props;
  const words = row.cells.get(variable.name);
  const above = at > variable.first && at <= variable.last;
  const below = at >= variable.first && at < variable.last;
  const thread = above && below ? "both" : above ? "above" : below ? "below" : "none";
  return (
    <td data-thread={thread} data-joins={variable.joins}>
      {words === "" && <span className="join-dot" role="img" aria-label="compared" />}
      {words !== undefined && words !== "" && <span className="join-cell">{words}</span>}
    </td>
  );
}

function letters(
  marks: readonly Mark[],
  rule: string,
  rows: readonly JoinRow[],
  at: number,
): string {
  const head = at === rows.length - 1;
  return marks
    .filter(({ place }) => {
      if (place.kind === "head") return head && place.rule === rule;
      return place.kind === "literal" && place.rule === rule && place.index === at && !head;
    })
    .map(({ letter }) => letter)
    .join("");
}
