import { memo } from "react";
import type { ReactNode } from "react";
import { tickText } from "../../simulator/trace.ts";
import type { Trace, TraceMessage } from "../../simulator/trace.ts";
import { factText, timeText, wholeFactText } from "./factText.ts";
import type { Side } from "./simulatedRun.ts";
import { labelsThatFit } from "./labelsThatFit.ts";
import type { LabelPlace } from "./labelsThatFit.ts";
import { LaneNames } from "./LaneNames.tsx";
import { Veil } from "./Veil.tsx";
import type { Stop } from "./stops.ts";
import { LABEL_WIDTH, LANE_HEIGHT, messagesBetween, ticksBetween } from "./timeline.ts";
import type { Timeline } from "./timeline.ts";

export interface SpaceTimeDiagramProps {
  /** As far as it is shown. */
  readonly trace: Trace;
  readonly lanes: readonly string[];
  readonly side: Side;
  readonly line: Timeline;
  readonly width: number;
  /** The part of time that is drawn: what is scrolled into view, and some around it. */
  readonly from: number;
  readonly to: number;
  /** Pixels scrolled away on the left: names stay in view. */
  readonly left: number;
  readonly cursor: number;
  readonly selectedNode: string | undefined;
  /** Time of the first different answer, ringed at the clients' lane. */
  readonly differenceAt: number | undefined;
  /** Moment at which a branch left the run it came from. */
  readonly branchedAt: number | undefined;
  /** Messages that led to what was asked about: the thread, drawn in its colour. */
  readonly path: ReadonlySet<number> | undefined;
  readonly stops: readonly Stop[];
  onLane(side: Side, address: string): void;
  onMessage(side: Side, message: TraceMessage): void;
}

const TOP = 20;
/** More arrows than this in view are drawn without any label. */
const LABELLED = 60;
const LABEL_CHARACTERS = 22;

/** One run: a lifeline a node, time to the right, a dashed arrow a message. What is to come lies under a veil. */
export function SpaceTimeDiagram(props: SpaceTimeDiagramProps): ReactNode {
  const { trace, lanes, side, line, width, cursor, from, to } = props;
  const clients = lanes.find((address) => !trace.nodes.some((node) => node.address === address));
  const y = laneHeights(lanes);
  const height = TOP + lanes.length * LANE_HEIGHT;
  const traffic = { trace, lanes, side, line, from, to, onMessage: props.onMessage };
  return (
    <svg
      className="space-time"
      width={width}
      height={height}
      role="group"
      aria-label={`${side === "original" ? "Original" : "Rewritten"} run: ${lanes.length} participants, ${trace.messages.length} messages`}
    >
      <defs>
        <marker
          id={`open-arrow-${side}`}
          viewBox="0 0 10 10"
          refX="9"
          refY="5"
          markerWidth="7"
          markerHeight="7"
          orient="auto-start-reverse"
        >
          <path d="M1 1 L9 5 L1 9" className="arrow-head" />
        </marker>
      </defs>
      {lanes.map((address) => (
        <Lane
          key={address}
          address={address}
          y={y(address)}
          end={line.x(trace.end.at)}
          {...props}
        />
      ))}
      {props.stops
        .filter(({ address }) => lanes.includes(address))
        .map((stop) => (
          <StopMark
            key={`${stop.address}/${stop.from}`}
            stop={stop}
            line={line}
            y={y(stop.address)}
          />
        ))}
      {props.branchedAt !== undefined && (
        <line
          className="branch-line"
          x1={line.x(props.branchedAt)}
          x2={line.x(props.branchedAt)}
          y1={0}
          y2={height}
        />
      )}
      <Traffic {...traffic} />
      <Veil from={line.x(cursor)} width={width} height={height} />
      {props.path !== undefined && <Traffic {...traffic} only={props.path} />}
      {props.differenceAt !== undefined && clients !== undefined && (
        <circle className="difference-ring" cx={line.x(props.differenceAt)} cy={y(clients)} r={9} />
      )}
      <line className="cursor-line" x1={line.x(cursor)} x2={line.x(cursor)} y1={0} y2={height} />
      <LaneNames
        left={props.left}
        height={height}
        names={lanes.map((address) => ({ name: address, y: y(address) }))}
        selected={props.selectedNode}
      />
    </svg>
  );
}

type TrafficProps = Pick<
  SpaceTimeDiagramProps,
  "trace" | "lanes" | "side" | "line" | "from" | "to" | "onMessage"
> & {
  /** Ids of the messages that are drawn, as the thread; absent for all of them, with the ticks. */
  readonly only?: ReadonlySet<number>;
};

/** Arrows and ticks: by far the most of the picture, so a moved cursor must not draw them again. */
const Traffic = memo(function Traffic(props: TrafficProps): ReactNode {
  const { trace, lanes, line, from, to, only } = props;
  const y = laneHeights(lanes);
  const all = messagesBetween(trace, from, to);
  const messages = only === undefined ? all : all.filter((message) => only.has(message.id));
  const ticks = only === undefined ? ticksBetween(trace, from, to) : [];
  const marks = ticks.map((tick) => {
    const address = trace.nodes[tick.node]?.address ?? "";
    return { tick, address, x: line.x(tick.at), y: y(address) };
  });
  const places =
    messages.length > LABELLED
      ? []
      : messages.map((message) => labelPlace(arrowOf(message, props, y), message));
  const labelled = labelsThatFit(places, marks, LABEL_WIDTH);
  return (
    <>
      {messages.map((message) => (
        <MessageArrow
          key={message.id}
          message={message}
          labelled={labelled.has(message.id)}
          onPath={only !== undefined}
          arrow={arrowOf(message, props, y)}
          side={props.side}
          onMessage={props.onMessage}
        />
      ))}
      {marks.map(({ tick, address, x, y: middle }) => (
        <rect
          key={`${tick.node}/${tick.tick}`}
          className="tick"
          x={x - 3}
          y={middle - 6}
          width={6}
          height={12}
          rx={2}
        >
          <title>{`${address}, ${tickText(tick)} at ${timeText(tick.at)} ms`}</title>
        </rect>
      ))}
    </>
  );
});

function laneHeights(lanes: readonly string[]): (address: string) => number {
  const index = new Map(lanes.map((address, i) => [address, i]));
  return (address) => TOP + (index.get(address) ?? 0) * LANE_HEIGHT;
}

function Lane(
  props: SpaceTimeDiagramProps & {
    readonly address: string;
    readonly y: number;
    readonly end: number;
  },
): ReactNode {
  const { address, y, selectedNode, side, onLane, end, width } = props;
  const isNode = props.trace.nodes.some((node) => node.address === address);
  const selected = selectedNode === address;
  return (
    <g
      className={selected ? "lane selected" : "lane"}
      {...(isNode
        ? {
            role: "button",
            tabIndex: 0,
            "aria-pressed": selected,
            "aria-label": `Show the facts of ${address}`,
            onClick: () => onLane(side, address),
            onKeyDown: (event) => {
              if (event.key !== "Enter" && event.key !== " ") return;
              event.preventDefault();
              event.stopPropagation();
              onLane(side, address);
            },
          }
        : {})}
    >
      <rect
        className="lane-band"
        x={0}
        y={y - LANE_HEIGHT / 2}
        width={width}
        height={LANE_HEIGHT}
      />
      <line className="lifeline" x1={LABEL_WIDTH} x2={end} y1={y} y2={y} />
    </g>
  );
}

interface Arrow {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly end: number;
  readonly lost: boolean;
}

/** From where it was sent to where it arrives; a lost one stops on its way. */
function arrowOf(
  message: TraceMessage,
  { line, trace }: Pick<SpaceTimeDiagramProps, "line" | "trace">,
  y: (address: string) => number,
): Arrow {
  const lost = message.fault === "lost";
  const arrives = message.arrivedAt ?? (lost ? message.sentAt + lostLength(line) : trace.end.at);
  const y1 = y(message.from);
  const end = y1 + (y(message.to) - y1) * (lost ? 0.45 : 1);
  return { x1: line.x(message.sentAt), x2: line.x(arrives), y1, end, lost };
}

function labelPlace({ x1, x2, y1, end }: Arrow, message: TraceMessage): LabelPlace {
  const length = factText(message.relation, message.row).length;
  const characters = Math.min(LABEL_CHARACTERS, length);
  return { id: message.id, x: (x1 + x2) / 2, y: (y1 + end) / 2, characters };
}

function MessageArrow(
  props: Pick<SpaceTimeDiagramProps, "side" | "onMessage"> & {
    readonly message: TraceMessage;
    readonly labelled: boolean;
    readonly onPath: boolean;
    readonly arrow: Arrow;
  },
): ReactNode {
  const { message, side, labelled, arrow, onPath } = props;
  const { x1, x2, y1, end, lost } = arrow;
  const text = factText(message.relation, message.row);
  return (
    <g
      className={`message ${message.fault ?? ""} ${onPath ? "on-path" : ""}`}
      onClick={() => props.onMessage(side, message)}
    >
      <line className="message-hit" x1={x1} y1={y1} x2={x2} y2={end} />
      <line
        className="message-line"
        x1={x1}
        y1={y1}
        x2={x2}
        y2={end}
        {...(lost ? {} : { markerEnd: `url(#open-arrow-${side})` })}
      />
      {lost && <path className="lost-cross" d={`M${x2 - 4} ${end - 4} l8 8 m0 -8 l-8 8`} />}
      {labelled && (
        <text
          className="message-label"
          x={(x1 + x2) / 2}
          y={(y1 + end) / 2 - 3}
          textAnchor="middle"
        >
          {text.length > LABEL_CHARACTERS ? `${text.slice(0, LABEL_CHARACTERS - 1)}…` : text}
        </text>
      )}
      <title>{`${wholeFactText(message.relation, message.row)}\n${message.from} → ${message.to}, sent at ${timeText(message.sentAt)} ms${fate(message)}`}</title>
    </g>
  );
}

/** A lifeline while its node does nothing. */
function StopMark(props: {
  readonly stop: Stop;
  readonly line: Timeline;
  readonly y: number;
}): ReactNode {
  const { stop, line, y } = props;
  const [x1, x2] = [line.x(stop.from), line.x(stop.to)];
  return (
    <g className={`stop ${stop.kind}`}>
      <line x1={x1} x2={x2} y1={y} y2={y} className="stop-gap" />
      <line x1={x1} x2={x2} y1={y} y2={y} className="stop-line" />
      {stop.kind === "crashed" ? (
        <path className="lost-cross" d={`M${x1 - 5} ${y - 5} l10 10 m0 -10 l-10 10`} />
      ) : (
        <path className="pause-mark" d={`M${x1 - 2} ${y - 6} v12 m4 -12 v12`} />
      )}
      <title>{`${stop.address} ${stop.kind} at ${timeText(stop.from)} ms`}</title>
    </g>
  );
}

function lostLength(line: Timeline): number {
  return 24 / line.pixelsPerMs;
}

function fate(message: TraceMessage): string {
  if (message.fault === "lost") return ", lost";
  const arrival =
    message.arrivedAt === undefined
      ? ", still under way"
      : `, arrived at ${timeText(message.arrivedAt)} ms`;
  return message.fault === undefined ? arrival : `${arrival}, ${message.fault}`;
}
