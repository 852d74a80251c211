import { useMemo, useState } from "react";
import type { ReactNode } from "react";
import type { Fact } from "../../evaluator/nodeEngine.ts";
import { rowKey } from "../../program/value.ts";
import type { TraceIndex } from "../../simulator/stateAt.ts";
import { tickSinceStart } from "../../simulator/trace.ts";
import type { Trace } from "../../simulator/trace.ts";
import type { Program } from "../../program/program.ts";
import type { Hidden } from "./shownParts.ts";
import { subjectKey, useCauses } from "./causeStore.ts";
import { nextTick } from "./nextTick.ts";
import { factText, timeText, wholeFactText } from "./factText.ts";

/** Rows of one relation that are listed before the rest is counted. */
const ROWS = 200;

/** The facts of one node in its last tick at the cursor: changes first, the rest on request. */
export function NodePanel(props: {
  readonly trace: Trace;
  readonly index: TraceIndex;
  readonly hidden: Hidden;
  /** Undefined when the run is of a program that is no longer there. */
  readonly program: Program | undefined;
  readonly address: string;
  readonly cursor: number;
  onMoment(at: number): void;
  onNode(address: string): void;
}): ReactNode {
  const { trace, index, hidden, address, cursor } = props;
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
            {trace.nodes
              .filter((n) => n.address === address || !hidden.nodes.has(n.address))
              .map((n) => (
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
            {report.startedAfter !== undefined &&
              `Tick ${tickSinceStart(report)} since it started again after tick ${report.startedAfter}; `}
            {timeText(report.at)} ms,{" "}
            {report.arrived.length === 0
              ? "nothing arrived"
              : `${report.arrived.length} ${report.arrived.length === 1 ? "message" : "messages"} arrived`}
          </p>
          <Facts
            key={address}
            trace={trace}
            index={index}
            without={hidden.relations}
            program={props.program}
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
  /** Relations that are hidden. */
  readonly without: ReadonlySet<string>;
  readonly program: Program | undefined;
  readonly node: number;
  readonly tick: number;
  readonly appeared: readonly Fact[];
  readonly disappeared: readonly Fact[];
}): ReactNode {
  const { trace, index, without, program, node, tick, appeared, disappeared } = props;
  const [open, setOpen] = useState(false);
  const state = useMemo(() => index.stateAt(node, tick), [index, node, tick]);
  const next = useMemo(
    () => program && nextTick(program, trace, index, node, tick),
    [program, trace, index, node, tick],
  );
  const coming = [...(next?.appears ?? []), ...(next?.forgotten ?? [])];
  const changed = new Set([...appeared, ...disappeared, ...coming].map((fact) => fact.relation));
  const line = (mark: "+" | "", fact: Fact): ReactNode => (
    <FactLine key={rowKey(fact.row)} mark={mark} fact={fact} asks={{ trace, node, tick }} />
  );
  const all = [...new Set([...state.keys(), ...changed])];
  const relations = all.filter((relation) => !without.has(relation)).sort();
  const hiddenCount = all.length - relations.length;
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
              {fresh.slice(0, ROWS).map((row) => line("+", { relation, row }))}
              {fresh.length > ROWS && <li className="quiet">and {fresh.length - ROWS} more</li>}
              {disappeared
                .filter((fact) => fact.relation === relation)
                .slice(0, ROWS)
                .map((fact) => (
                  <FactLine key={`-${rowKey(fact.row)}`} mark="−" fact={fact} />
                ))}
              {kept.slice(0, ROWS).map((row) => line("", { relation, row }))}
              {kept.length > ROWS && <li className="quiet">and {kept.length - ROWS} more</li>}
            </ul>
            <Coming relation={relation} sign="+" facts={next?.appears ?? []} />
            <Coming relation={relation} sign="−" facts={next?.forgotten ?? []} />
          </div>
        );
      })}
      {hiddenCount > 0 && (
        <p className="quiet">
          {hiddenCount} {hiddenCount === 1 ? "relation is" : "relations are"} hidden.
        </p>
      )}
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

/** Facts of the next tick that are listed by name before they are only counted. */
const COMING_LISTED = 2;

/** What this tick has already decided about the next, in the colour of the next tick. */
function Coming(props: {
  readonly relation: string;
  readonly sign: "+" | "−";
  readonly facts: readonly Fact[];
}): ReactNode {
  const { relation, sign } = props;
  const facts = props.facts.filter((fact) => fact.relation === relation);
  if (facts.length === 0) return null;
  const what =
    facts.length > COMING_LISTED
      ? `${facts.length} rows`
      : facts.map((fact) => factText(fact.relation, fact.row)).join(", ");
  return (
    <p
      className="next-note"
      title={facts
        .slice(0, ROWS)
        .map((f) => factText(f.relation, f.row))
        .join("\n")}
    >
      next tick: {sign === "+" ? "adds" : "forgets"} {what}
    </p>
  );
}

/** A fact that is there can be asked about. */
function FactLine(props: {
  readonly mark: "+" | "−" | "";
  readonly fact: Fact;
  readonly asks?: { readonly trace: Trace; readonly node: number; readonly tick: number };
}): ReactNode {
  const { mark, fact, asks } = props;
  const kind = mark === "+" ? "appeared" : mark === "−" ? "disappeared" : "kept";
  const text = factText(fact.relation, fact.row);
  return (
    <li className={kind} title={wholeFactText(fact.relation, fact.row)}>
      <span className="fact-mark">{mark}</span>
      <span className="visually-hidden">{kind}: </span>
      {asks === undefined ? text : <AskButton text={text} fact={fact} {...asks} />}
    </li>
  );
}

function AskButton(props: {
  readonly text: string;
  readonly fact: Fact;
  readonly trace: Trace;
  readonly node: number;
  readonly tick: number;
}): ReactNode {
  const { text, fact, trace, node, tick } = props;
  const subject = { kind: "fact", node, tick, fact } as const;
  const key = subjectKey(subject);
  const chosen = useCauses(
    ({ asked }) => asked?.trace === trace && subjectKey(asked.subject) === key,
  );
  return (
    <button
      className="fact-button"
      aria-pressed={chosen}
      aria-label={`Why ${text}?`}
      onClick={() => useCauses.getState().ask(trace, subject)}
    >
      {text}
    </button>
  );
}
