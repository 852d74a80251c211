import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import type { Answer } from "../../simulator/answers.ts";
import type { Trace, TraceMessage } from "../../simulator/trace.ts";
import { AnswerLanes } from "./AnswerLanes.tsx";
import { BranchBand, SidesBand } from "./DifferenceBand.tsx";
import { inheritedFaults } from "./keptRuns.ts";
import { useHidden } from "./filterStore.ts";
import { shownRun } from "./shownParts.ts";
import { stopsOf } from "./stops.ts";
import { useCauses } from "./causeStore.ts";
import { SpaceTimeDiagram } from "./SpaceTimeDiagram.tsx";
import { TimeAxis } from "./TimeAxis.tsx";
import type { Side, SimulatedRun } from "./simulatedRun.ts";
import { useSimulate } from "./simulateStore.ts";
import { fittingScale, LABEL_WIDTH, timeline, timelineWidth } from "./timeline.ts";

/** Pixels a millisecond below which ticks and arrows run into each other. */
const READABLE = 6;
/** Pixels by which the part of the picture that is drawn grows and shrinks. */
const STEP = 400;

/** Both runs on one axis, scrolled together; only what is in view is drawn. */
export function Diagrams(props: {
  readonly run: SimulatedRun;
  readonly dimmed: boolean;
  onMessage(side: Side, message: TraceMessage): void;
  onLane(side: Side, address: string): void;
  onAnswer(side: Side, answer: Answer): void;
}): ReactNode {
  const { run } = props;
  const { cursor, side, node, moveTo, zoom, left, faults, violation } = useSimulate();
  const hidden = useHidden();
  const path = useCauses((state) => state.path);
  const end = Math.max(run.original.end.at, run.rewritten?.end.at ?? 0);
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ left: 0, width: 800 });
  const whole = fittingScale(view.width, end);
  const pixelsPerMs = (zoom.from === "whole" ? whole : Math.max(READABLE, whole)) * zoom.factor;
  const line = useMemo(() => timeline(pixelsPerMs), [pixelsPerMs]);
  const width = Math.max(view.width, timelineWidth(line, end));

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = (): void => setView({ left: element.scrollLeft, width: element.clientWidth });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const x = timeline(pixelsPerMs).x(cursor);
    const left = element.scrollLeft + LABEL_WIDTH;
    const right = element.scrollLeft + element.clientWidth - 24;
    if (x < left || x > right) element.scrollLeft = x - element.clientWidth * 0.6;
    // Follow the cursor when it moves, not when one scrolls away from it.
  }, [cursor, pixelsPerMs]);

  // In steps: scrolling within one draws nothing again.
  const [first, last] = [
    Math.floor(view.left / STEP) - 1,
    Math.ceil((view.left + view.width) / STEP) + 1,
  ];
  const window = { from: line.at(first * STEP), to: line.at(last * STEP) };
  const difference = violation?.difference ?? run.comparison?.firstDifference;
  const shared = { line, width, ...window, cursor, left: view.left, branchedAt: left?.at };
  const own = (of: Side, trace: Trace) => ({
    ...shownRun(trace, hidden),
    side: of,
    selectedNode: side === of ? node : undefined,
    differenceAt: difference?.[of]?.at,
    path: path?.trace === trace ? path.messages : undefined,
    // In a counterexample every node stands still between the steps of its schedule: that is no fault to show.
    stops:
      violation === undefined ? stopsOf(trace, [...inheritedFaults(left, of), ...faults[of]]) : [],
    onLane: props.onLane,
    onMessage: props.onMessage,
  });
  return (
    <div
      className={`diagrams${props.dimmed ? " dimmed" : ""}${violation ? " violating" : ""}`}
      ref={scroller}
      onScroll={(event) => setView({ ...view, left: event.currentTarget.scrollLeft })}
    >
      <div style={{ width }}>
        <TimeAxis
          line={line}
          width={width}
          end={end}
          cursor={cursor}
          left={view.left}
          onMove={moveTo}
        />
        <BranchBand run={run} width={view.width} />
        <SideTitle
          side="original"
          text={`${run.from === 0 ? "base" : `step ${run.from}`}, ${run.original.nodes.length} nodes`}
        />
        <SpaceTimeDiagram {...shared} {...own("original", run.original)} />
        {run.rewritten === undefined ? (
          <p className="simulate-notice sticky-left">
            Nothing is rewritten yet: this is the base alone. Apply a rewrite and its program runs
            beside it.
          </p>
        ) : (
          <>
            <SidesBand run={run} width={view.width} />
            <SideTitle
              side="rewritten"
              text={`step ${run.step}, ${run.rewritten.nodes.length} nodes, same requests`}
            />
            <SpaceTimeDiagram {...shared} {...own("rewritten", run.rewritten)} />
          </>
        )}
        <AnswerLanes
          run={run}
          parent={left?.run}
          line={line}
          width={width}
          cursor={cursor}
          left={view.left}
          onAnswer={props.onAnswer}
        />
      </div>
    </div>
  );
}

function SideTitle({ side, text }: { readonly side: Side; readonly text: string }): ReactNode {
  return (
    <h2 className="side-title sticky-left">
      <span className={`side-mark ${side}`} aria-hidden="true" />
      {side === "original" ? "Original" : "Rewritten"} <span className="quiet">{text}</span>
    </h2>
  );
}
