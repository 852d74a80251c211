import { useMemo, useState } from "react";
import type { ReactNode } from "react";
import type { Fact } from "../../evaluator/nodeEngine.ts";
import { rowKey } from "../../program/value.ts";
import type { TraceIndex } from "../../simulator/stateAt.ts";
import type { Trace } from "../../simulator/trace.ts";
import { factText, timeText, wholeFactText } from "./factText.ts";

/** Rows of one relation that are listed before the rest is counted. */
const ROWS = 200;

/** The facts of one node in its last tick at the cursor: changes first, the rest on request. */
export function NodePanel(props: {
  readonly trace: Trace;
  readonly index: TraceIndex;
  readonly address: string;
  readonly cursor: number;
  onMoment(at: number): void;
  onNode(address: string): void;
}): ReactNode {
  const { trace, index, address, cursor } = props;
  const node = trace.nodes.findIndex((n) => n.address === address);
  const tick = node < 0 ? 0 : index.tickAtTime(node, cursor);
  const own = node < 0 ? [] : index.ticksOf(node);
  const report = trace.ticks[own[tick - 1] ?? -1];
  const go = (to: number): void => {
    const target = trace.ticks[own[to - 1] ?? -1];
    if (target !== undefined) props.onMoment(target.at);
  };
  return (
    <section className="node-panel" aria-label={`Facts of ${address}`}>
      <header>
        <label>
          Node{" "}
          <select value={address} onChange={(event) => props.onNode(event.target.value)}>
            {trace.nodes.map((n) => (
              <option key={n.address}>{n.address}</option>
            ))}
          </select>
        </label>
        <span className="tick-steps">
          <button
            aria-label="Previous tick of this node"
            disabled={tick <= 1}
            onClick={() => go(tick - 1)}
          >
            ◂
          </button>
          tick {tick} of {own.length}
          <button
            aria-label="Next tick of this node"
            disabled={tick >= own.length}
            onClick={() => go(tick + 1)}
          >
            ▸
          </button>
        </span>
      </header>
      {report === undefined ? (
        <p className="quiet">Before its first tick this node knows only its constant relations.</p>
      ) : (
        <>
          <p className="quiet">
            {timeText(report.at)} ms,{" "}
            {report.arrived.length === 0
              ? "nothing arrived"
              : `${report.arrived.length} ${report.arrived.length === 1 ? "message" : "messages"} arrived`}
          </p>
          <Facts
            key={address}
            trace={trace}
            index={index}
            node={node}
            tick={tick}
            appeared={report.appeared}
            disappeared={report.disappeared}
          />
        </>
      )}
    </section>
  );
}

function Facts(props: {
  readonly trace: Trace;
  readonly index: TraceIndex;
  readonly node: number;
  readonly tick: number;
  readonly appeared: readonly Fact[];
  readonly disappeared: readonly Fact[];
}): ReactNode {
  const { index, node, tick, appeared, disappeared } = props;
  const [open, setOpen] = useState(false);
  const state = useMemo(() => index.stateAt(node, tick), [index, node, tick]);
  const changed = new Set([...appeared, ...disappeared].map((fact) => fact.relation));
  const relations = [...new Set([...state.keys(), ...changed])].sort();
  const shown = relations.filter((relation) => open || changed.has(relation));
  const folded = relations.length - relations.filter((relation) => changed.has(relation)).length;
  const isNew = new Set(appeared.map((fact) => `${fact.relation}/${rowKey(fact.row)}`));
  return (
    <>
      {shown.map((relation) => {
        const rows = state.get(relation) ?? [];
        const fresh = rows.filter((row) => isNew.has(`${relation}/${rowKey(row)}`));
        const kept = open ? rows.filter((row) => !isNew.has(`${relation}/${rowKey(row)}`)) : [];
        return (
          <div className="relation-facts" key={relation}>
            <h3>
              <span className="mono">{relation}</span>
              <span className="quiet">
                {rows.length} {rows.length === 1 ? "row" : "rows"}
              </span>
            </h3>
            <ul className="mono">
              {fresh.slice(0, ROWS).map((row) => (
                <FactLine key={rowKey(row)} mark="+" fact={{ relation, row }} />
              ))}
              {disappeared
                .filter((fact) => fact.relation === relation)
                .slice(0, ROWS)
                .map((fact) => (
                  <FactLine key={`-${rowKey(fact.row)}`} mark="−" fact={fact} />
                ))}
              {kept.slice(0, ROWS).map((row) => (
                <FactLine key={rowKey(row)} mark="" fact={{ relation, row }} />
              ))}
              {kept.length > ROWS && <li className="quiet">and {kept.length - ROWS} more</li>}
            </ul>
          </div>
        );
      })}
      {changed.size === 0 && <p className="quiet">Nothing changed in this tick.</p>}
      {(folded > 0 || open) && (
        <button className="link-button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open
            ? "Only what changed"
            : `${folded} unchanged ${folded === 1 ? "relation" : "relations"}, and what they keep`}
        </button>
      )}
    </>
  );
}

function FactLine({
  mark,
  fact,
}: {
  readonly mark: "+" | "−" | "";
  readonly fact: Fact;
}): ReactNode {
  const kind = mark === "+" ? "appeared" : mark === "−" ? "disappeared" : "kept";
  return (
    <li className={kind} title={wholeFactText(fact.relation, fact.row)}>
      <span className="fact-mark">{mark}</span>
      <span className="visually-hidden">{kind}: </span>
      {factText(fact.relation, fact.row)}
    </li>
  );
}
