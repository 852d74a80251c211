import type { ReactNode } from "react";
import type { Fault } from "../../simulator/faults.ts";
import { factText, timeText } from "./factText.ts";
import type { Side } from "./simulateStore.ts";

/** The faults of both runs, each of which can be taken back. */
export function FaultList(props: {
  readonly faults: Readonly<Record<Side, readonly Fault[]>>;
  onRemove(side: Side, index: number): void;
}): ReactNode {
  const all = (["original", "rewritten"] as const).flatMap((side) =>
    props.faults[side].map((fault, index) => ({ side, index, fault })),
  );
  if (all.length === 0) return null;
  return (
    <section className="fault-list" aria-label="Faults">
      <h2>Faults</h2>
      <ul>
        {all.map(({ side, index, fault }) => (
          <li key={`${side}/${index}`}>
            <span>
              {side === "original" ? "Original" : "Rewritten"}: {faultText(fault)}
            </span>
            <button
              aria-label={`Take back: ${faultText(fault)}`}
              onClick={() => props.onRemove(side, index)}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function faultText(fault: Fault): string {
  switch (fault.kind) {
    case "delay":
      return `${messageText(fault)} delayed by ${fault.by} ms`;
    case "lose":
      return `${messageText(fault)} lost`;
    case "duplicate":
      return `${messageText(fault)} delivered twice`;
    case "cut":
    case "heal":
      return `link ${fault.from} ${fault.bothWays ? "↔" : "→"} ${fault.to} ${fault.kind === "cut" ? "cut" : "healed"} at ${timeText(fault.at)} ms`;
    case "pause":
      return `${fault.node} paused at ${timeText(fault.at)} ms`;
    case "resume":
      return `${fault.node} resumed at ${timeText(fault.at)} ms`;
    case "crash":
      return `${fault.node} crashed at ${timeText(fault.at)} ms`;
  }
}

function messageText({ message }: Extract<Fault, { readonly message: unknown }>): string {
  return `${factText(message.relation, message.row)} to ${message.to}`;
}
