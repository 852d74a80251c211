import type { ReactNode } from "react";
import type { Fault } from "../../simulator/faults.ts";
import { messageSelector } from "../../simulator/faults.ts";
import type { Trace, TraceMessage } from "../../simulator/trace.ts";
import { factText, timeText, wholeFactText } from "./factText.ts";
import { isShown } from "./shownParts.ts";
import type { Hidden } from "./shownParts.ts";
import { useCauses } from "./causeStore.ts";
import { pendingAt } from "./timeline.ts";

const LISTED = 40;
/** What one press of Delay adds, simulated milliseconds. */
export const DELAY_BY = 20;

/** Messages under way at the cursor, each with what may go wrong with it: the keyboard's way to every message fault. */
export function PendingMessages(props: {
  readonly trace: Trace;
  readonly hidden: Hidden;
  readonly cursor: number;
  onFault(fault: Fault): void;
}): ReactNode {
  const all = pendingAt(props.trace, props.cursor);
  const pending = all.filter((message) => isShown(props.hidden, message));
  const without = all.length - pending.length;
  return (
    <section className="pending" aria-label="Messages under way">
      <h2>
        Messages under way <span className="count">{pending.length}</span>
      </h2>
      {without > 0 && (
        <p className="quiet">
          {without} more {without === 1 ? "is" : "are"} hidden.
        </p>
      )}
      {all.length === 0 && (
        <p className="quiet">
          None at {timeText(props.cursor)} ms. Step back to find some under way.
        </p>
      )}
      <ul>
        {pending.slice(0, LISTED).map((message) => (
          <Pending key={message.id} message={message} trace={props.trace} onFault={props.onFault} />
        ))}
      </ul>
      {pending.length > LISTED && <p className="quiet">and {pending.length - LISTED} more</p>}
    </section>
  );
}

function Pending(props: {
  readonly trace: Trace;
  readonly message: TraceMessage;
  onFault(fault: Fault): void;
}): ReactNode {
  const { trace, message, onFault } = props;
  const name = factText(message.relation, message.row);
  return (
    <li>
      <div title={wholeFactText(message.relation, message.row)}>
        <div className="mono">{name}</div>
        <div className="quiet">
          {message.from} → {message.to}
        </div>
      </div>
      <div className="pending-actions">
        <button
          aria-label={`Why ${name}?`}
          onClick={() => useCauses.getState().ask(trace, { kind: "message", message: message.id })}
        >
          Why
        </button>
        {(["delay", "lose", "duplicate"] as const).map((kind) => (
          <button
            key={kind}
            aria-label={`${FAULT_TITLE[kind]} ${name}`}
            onClick={() => onFault(messageFault(kind, trace, message))}
          >
            {FAULT_TITLE[kind]}
          </button>
        ))}
      </div>
    </li>
  );
}

const FAULT_TITLE = { delay: "Delay", lose: "Lose", duplicate: "Twice" } as const;

export function messageFault(
  kind: "delay" | "lose" | "duplicate",
  trace: Trace,
  message: TraceMessage,
): Fault {
  const selector = messageSelector(trace, message.id);
  switch (kind) {
    case "delay":
      return { kind, message: selector, by: DELAY_BY };
    case "lose":
      return { kind, message: selector };
    case "duplicate":
      return { kind, message: selector, after: DELAY_BY };
  }
}
