import { useEffect, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import type { Answer } from "../../simulator/answers.ts";
import { traceIndex } from "../../simulator/stateAt.ts";
import type { Trace, TraceMessage } from "../../simulator/trace.ts";
import { traceText } from "../../simulator/traceJson.ts";
import { download } from "../shell/download.ts";
import { useClew } from "../store/clewStore.ts";
import { viewAt } from "../store/selectors.ts";
import { AnswerSummary } from "./AnswerSummary.tsx";
import { useCauses } from "./causeStore.ts";
import type { ToldRun } from "./causeStore.ts";
import { CauseTree } from "./CauseTree.tsx";
import { Diagrams } from "./Diagrams.tsx";
import { FaultList } from "./FaultList.tsx";
import { factText } from "./factText.ts";
import { useHidden } from "./filterStore.ts";
import { InvariantBand } from "./InvariantBand.tsx";
import { InvariantList } from "./InvariantList.tsx";
import { MessageTable } from "./MessageTable.tsx";
import { NodePanel } from "./NodePanel.tsx";
import { messageFault, PendingMessages } from "./PendingMessages.tsx";
import { BranchHead, RunList } from "./RunList.tsx";
import { FAULT_KEYS, SimulateToolbar } from "./SimulateToolbar.tsx";
import { RunProgress } from "./RunProgress.tsx";
import { isToldOtherwise } from "./simulatedRun.ts";
import type { Side, SimulatedRun } from "./simulatedRun.ts";
import { shownPrograms, useSimulate } from "./simulateStore.ts";
import { UntilBand } from "./UntilBand.tsx";
import { ViewBar } from "./ViewBar.tsx";
import { useSimulateKeys } from "./useSimulateKeys.ts";
import "./simulate.css";

/** Original above rewritten on one axis of time; any node's facts at any moment on the right. */
export default function SimulateMode(): ReactNode {
  const run = useSimulate((state) => state.run);
  const running = useSimulate((state) => state.running);
  const problem = useSimulate((state) => state.problem);
  const [table, setTable] = useState(false);
  const mode = useRef<HTMLDivElement>(null);
  const outOfDate = useOutOfDate(run);
  const toldOtherwise = useSimulate(
    ({ settings }) => run !== undefined && isToldOtherwise(run, settings),
  );
  useRunWhenFirstShown(run === undefined || outOfDate);

  useSimulateKeys(mode);

  return (
    <div className="simulate-mode" ref={mode}>
      <SimulateToolbar />
      <div className="simulate-work">
        <section
          className="simulate-main"
          data-panel-id="simulation"
          tabIndex={-1}
          aria-label="Space-time diagram"
        >
          {run !== undefined && (
            <div className="run-bar">
              <RunList />
              <ViewBar run={run} table={table} onTable={() => setTable(!table)} />
            </div>
          )}
          <BranchHead />
          <UntilBand />
          {run !== undefined && running === undefined && <InvariantBand run={run} />}
          {problem !== undefined && (
            <p className="simulate-problem" role="alert">
              {problem}
            </p>
          )}
          {running !== undefined && <RunProgress running={running} />}
          {(outOfDate || toldOtherwise) && running === undefined && run !== undefined && (
            <p className="simulate-notice">
              <OutOfDate of={outOfDate ? "program" : "settings"} />
            </p>
          )}
          {run !== undefined &&
            (table ? (
              <Tables run={run} />
            ) : (
              <Diagrams
                run={run}
                dimmed={running !== undefined}
                onMessage={hitMessage}
                onLane={hitLane}
                onAnswer={hitAnswer}
              />
            ))}
        </section>
        <aside
          className="simulate-side panel"
          data-panel-id="node"
          tabIndex={-1}
          aria-label="Node and messages"
        >
          <ArmedHint />
          {run !== undefined && <RightPanel run={run} />}
        </aside>
      </div>
    </div>
  );
}

function OutOfDate({ of: what }: { readonly of: "program" | "settings" }): ReactNode {
  const isChecked = useSimulate((state) => state.of !== undefined);
  if (isChecked && what === "program")
    return "The program has changed since it was checked; this is what was checked.";
  return (
    <>
      {what === "program" ? "The program has changed" : "The settings have changed"} since this run.{" "}
      <button className="link-button" onClick={() => void useSimulate.getState().start()}>
        Run again
      </button>
    </>
  );
}

function Tables({ run }: { readonly run: SimulatedRun }): ReactNode {
  const cursor = useSimulate((state) => state.cursor);
  const moveTo = useSimulate((state) => state.moveTo);
  const hidden = useHidden();
  return (
    <div className="simulate-tables">
      <MessageTable
        trace={run.original}
        hidden={hidden}
        caption="Original"
        cursor={cursor}
        onMoment={moveTo}
      />
      {run.rewritten && (
        <MessageTable
          trace={run.rewritten}
          hidden={hidden}
          caption="Rewritten"
          cursor={cursor}
          onMoment={moveTo}
        />
      )}
    </div>
  );
}

function RightPanel({ run }: { readonly run: SimulatedRun }): ReactNode {
  const { side, node, cursor, faults, left, moveTo, look, addFault, removeFault } = useSimulate();
  const trace = (side === "rewritten" ? run.rewritten : run.original) ?? run.original;
  const index = useMemo(() => traceIndex(trace), [trace]);
  const hidden = useHidden();
  const deployed = run.programs[trace === run.original ? 0 : 1];
  const told = useMemo<ToldRun | undefined>(
    () => deployed && { trace, index, deployed },
    [trace, index, deployed],
  );
  const address = trace.nodes.some((n) => n.address === node)
    ? node!
    : (trace.nodes[0]?.address ?? "");
  return (
    <div className="panel-body">
      {run.rewritten && (
        <div className="tab-group side-tabs" role="group" aria-label="Which run">
          {(["original", "rewritten"] as const).map((one) => (
            <button
              key={one}
              className="tab-button"
              aria-pressed={side === one}
              onClick={() => look(one, address)}
            >
              {one === "original" ? "○ Original" : "■ Rewritten"}
            </button>
          ))}
        </div>
      )}
      <NodePanel
        trace={trace}
        index={index}
        hidden={hidden}
        program={deployed?.program}
        address={address}
        cursor={cursor}
        onMoment={moveTo}
        onNode={(to) => look(side, to)}
      />
      {told && <CauseTree told={told} side={side} />}
      <div className="node-faults">
        <button
          className="button"
          onClick={() => addFault(side, { kind: "pause", at: cursor, node: address })}
        >
          Pause {address} here
        </button>
        <button
          className="button"
          onClick={() => addFault(side, { kind: "crash", at: cursor, node: address })}
        >
          Crash {address} here
        </button>
      </div>
      <PendingMessages
        trace={trace}
        hidden={hidden}
        cursor={cursor}
        onFault={(fault) => addFault(side, fault)}
      />
      <FaultList
        faults={faults}
        left={left}
        cursor={cursor}
        onAdd={addFault}
        onRemove={removeFault}
      />
      <InvariantList run={run} />
      <AnswerSummary run={run} onMoment={moveTo} />
      <div className="save-runs">
        <button className="button" onClick={() => saveTrace("original", run.original)}>
          Save the original run
        </button>
        {run.rewritten && (
          <button className="button" onClick={() => saveTrace("rewritten", run.rewritten!)}>
            Save the rewritten run
          </button>
        )}
      </div>
    </div>
  );
}

/** The whole run as `clew simulate --trace` writes it. */
function saveTrace(side: Side, trace: Trace): void {
  download(`${side}-seed-${trace.seed}.trace.json`, `${traceText(trace)}\n`);
}

function ArmedHint(): ReactNode {
  const armed = useSimulate((state) => state.armed);
  if (armed === undefined) return null;
  return (
    <p className="armed-hint" role="status">
      {FAULT_KEYS[armed].title}: click {FAULT_KEYS[armed].click}. <kbd>Esc</kbd> puts it away.
    </p>
  );
}

/** A click on a message: the armed fault, or a look at the node it goes to. */
function hitMessage(side: Side, message: TraceMessage): void {
  const { armed, run, addFault, look, moveTo } = useSimulate.getState();
  const trace = side === "rewritten" ? run?.rewritten : run?.original;
  if (trace === undefined) return;
  if (armed === "delay" || armed === "lose" || armed === "duplicate") {
    addFault(side, messageFault(armed, trace, message));
  } else if (armed === "cut") {
    addFault(side, {
      kind: "cut",
      at: message.sentAt,
      from: message.from,
      to: message.to,
      bothWays: false,
    });
  } else if (armed === undefined && message.arrivedAt !== undefined) {
    const isNode = trace.nodes.some((node) => node.address === message.to);
    look(side, isNode ? message.to : message.from);
    moveTo(message.arrivedAt);
    useCauses.getState().ask(trace, { kind: "message", message: message.id });
  }
}

/** A click on an answer asks for its cause, at the moment it came. */
function hitAnswer(side: Side, answer: Answer): void {
  const { run, look, moveTo } = useSimulate.getState();
  const trace = run?.[side];
  const text = factText(answer.relation, answer.row);
  const message = trace?.messages.find(
    (m) => m.arrivedAt === answer.at && factText(m.relation, m.row) === text,
  );
  if (trace === undefined || message === undefined) return;
  look(side, message.from);
  moveTo(answer.at);
  useCauses.getState().ask(trace, { kind: "message", message: message.id });
}

function hitLane(side: Side, address: string): void {
  const { armed, cursor, addFault, look } = useSimulate.getState();
  if (armed === "pause" || armed === "crash")
    addFault(side, { kind: armed, at: cursor, node: address });
  else look(side, address);
}

/** The run is of other programs than those now shown in the workspace. */
function useOutOfDate(run: SimulatedRun | undefined): boolean {
  const of = useSimulate((state) => state.of);
  const original = useClew((state) => viewAt(state, of?.from ?? 0)?.program);
  const at = useClew((state) => of?.to ?? state.document?.at ?? 0);
  const rewritten = useClew((state) => (at > 0 ? viewAt(state, at)?.program : undefined));
  if (run === undefined) return false;
  return run.programs[0]?.program !== original || run.programs[1]?.program !== rewritten;
}

/** Coming to this mode, or to another document, runs what is shown, once it can be run; a later change of the program asks first. */
function useRunWhenFirstShown(wanted: boolean): void {
  const ready = useClew((state) => state.replay !== undefined);
  const document = useClew((state) => state.document?.id);
  const arrived = useRef<string>(undefined);
  useEffect(() => {
    if (!ready || arrived.current === document) return;
    arrived.current = document;
    const { running, start } = useSimulate.getState();
    if (wanted && running === undefined && shownPrograms().original !== undefined) void start();
  }, [ready, wanted, document]);
}
