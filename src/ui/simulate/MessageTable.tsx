import { memo } from "react";
import type { ReactNode } from "react";
import type { Trace, TraceMessage } from "../../simulator/trace.ts";
import { useCauses } from "./causeStore.ts";
import { shownRun } from "./shownParts.ts";
import type { Hidden } from "./shownParts.ts";
import { factText, timeText } from "./factText.ts";

const LISTED = 1000;

/** The diagram's equal for those who cannot see it: every message in the order of sending. */
export function MessageTable({
  trace,
  hidden,
  caption,
  cursor,
  onMoment,
}: {
  readonly trace: Trace;
  readonly hidden: Hidden;
  readonly caption: string;
  readonly cursor: number;
  onMoment(at: number): void;
}): ReactNode {
  const { messages } = shownRun(trace, hidden).trace;
  const without = trace.messages.length - messages.length;
  return (
    <table className="message-table">
      <caption>
        {caption}: {messages.length} messages
        {without > 0 && `, ${without} more hidden`}
        {messages.length > LISTED ? `, the first ${LISTED} shown` : ""}
      </caption>
      <thead>
        <tr>
          <th scope="col">sent, ms</th>
          <th scope="col">arrived, ms</th>
          <th scope="col">from</th>
          <th scope="col">to</th>
          <th scope="col">fact</th>
        </tr>
      </thead>
      <tbody>
        {messages.slice(0, LISTED).map((message) => (
          <MessageRow
            key={message.id}
            message={message}
            trace={trace}
            faint={message.sentAt > cursor}
            onMoment={onMoment}
          />
        ))}
      </tbody>
    </table>
  );
}

const MessageRow = memo(function MessageRow(props: {
  readonly message: TraceMessage;
  readonly trace: Trace;
  readonly faint: boolean;
  onMoment(at: number): void;
}): ReactNode {
  const { message, trace, faint, onMoment } = props;
  return (
    <tr className={faint ? "faint" : ""}>
      <td>
        <button className="link-button" onClick={() => onMoment(message.sentAt)}>
          {timeText(message.sentAt)}
        </button>
      </td>
      <td>
        {message.arrivedAt === undefined
          ? (message.fault ?? "under way")
          : timeText(message.arrivedAt)}
      </td>
      <td>{message.from}</td>
      <td>{message.to}</td>
      <td className="mono">
        <button
          className="fact-button"
          aria-label={`Why ${factText(message.relation, message.row)}?`}
          onClick={() => useCauses.getState().ask(trace, { kind: "message", message: message.id })}
        >
          {factText(message.relation, message.row)}
        </button>
      </td>
    </tr>
  );
});
