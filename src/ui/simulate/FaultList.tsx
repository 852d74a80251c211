import type { ReactNode } from "react";
import type { Fault } from "../../simulator/faults.ts";
import { factText, timeText } from "./factText.ts";
import { inheritedFaults, ownFaults } from "./keptRuns.ts";
import type { Left, SideFaults } from "./keptRuns.ts";
import { download } from "../shell/download.ts";
import { faultsText } from "../../simulator/faultsJson.ts";
import type { Side } from "./simulatedRun.ts";
import { useSimulate } from "./simulateStore.ts";

/** The faults of both runs, each of which can be taken back, or ended at the cursor when it lasts. */
export function FaultList(props: {
  readonly faults: SideFaults;
  readonly left: Left | undefined;
  readonly cursor: number;
  onAdd(side: Side, fault: Fault): void;
  onRemove(side: Side, index: number): void;
}): ReactNode {
  const { faults, left, cursor } = props;
  const isSchedule = useSimulate((state) => state.violation !== undefined);
  const sides = ["original", "rewritten"] as const;
  const inherited = sides.flatMap((side) =>
    inheritedFaults(left, side).map((fault) => ({ side, fault, index: undefined })),
  );
  const own = sides.flatMap((side) => faults[side].map((fault, index) => ({ side, index, fault })));
  const all = [...inherited, ...own];
  if (all.length === 0) return null;
  const list = (
    <ul>
      {all.map(({ side, index, fault }, i) => {
        const on = all.filter((each) => each.side === side).map((each) => each.fault);
        const end = endOf(fault, on, cursor);
        return (
          <li key={i}>
            <span>
              {side === "original" ? "Original" : "Rewritten"}: {faultText(fault)}
              {index === undefined && <span className="quiet"> before the branch</span>}
            </span>
            {end !== undefined && (
              <button onClick={() => props.onAdd(side, end)}>
                {ENDINGS[end.kind]} at {timeText(cursor)}
              </button>
            )}
            {index !== undefined && (
              <button
                aria-label={`Take back: ${faultText(fault)}`}
                onClick={() => props.onRemove(side, index)}
              >
                ×
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
  return (
    <section className="fault-list" aria-label="Faults">
      <h2>Faults</h2>
      {isSchedule ? (
        <details>
          <summary>{all.length} pauses and delays that make both runs go like the check</summary>
          {list}
        </details>
      ) : (
        list
      )}
      {sides.map((side) => (
        <SaveFaults key={side} side={side} faults={faults} left={left} />
      ))}
    </section>
  );
}

/** A file that `clew simulate --faults` reads: with the same seed it is the same run. */
function SaveFaults(props: {
  readonly side: Side;
  readonly faults: SideFaults;
  readonly left: Left | undefined;
}): ReactNode {
  const { side, faults, left } = props;
  const settings = useSimulate((state) => state.settings);
  if (inheritedFaults(left, side).length + faults[side].length === 0) return null;
  const save = (): void => {
    const told = ownFaults({ left, settings, faults }, side);
    download(`${side}.faults.json`, faultsText(told.faults, told.branches));
  };
  return (
    <button className="button" onClick={save}>
      Save the {side} run&rsquo;s faults
    </button>
  );
}

type Ending = Extract<Fault, { readonly kind: "heal" | "resume" | "restart" }>;

const ENDINGS: Readonly<Record<Ending["kind"], string>> = {
  heal: "Heal",
  resume: "Resume",
  restart: "Start again",
};

/** What would end a cut, a pause or a crash at the cursor: undefined when it is not under way there. */
function endOf(fault: Fault, all: readonly Fault[], cursor: number): Ending | undefined {
  if (fault.kind === "cut" && cursor > fault.at) {
    const { from, to, bothWays } = fault;
    const ended = all.some(
      (f) => f.kind === "heal" && f.from === from && f.to === to && f.at > fault.at,
    );
    return ended ? undefined : { kind: "heal", at: cursor, from, to, bothWays };
  }
  if (fault.kind === "pause" && cursor > fault.at) {
    const ended = all.some((f) => f.kind === "resume" && f.node === fault.node && f.at > fault.at);
    return ended ? undefined : { kind: "resume", at: cursor, node: fault.node };
  }
  if (fault.kind === "crash" && cursor > fault.at) {
    const ended = all.some((f) => f.kind === "restart" && f.node === fault.node && f.at > fault.at);
    return ended ? undefined : { kind: "restart", at: cursor, node: fault.node };
  }
  return undefined;
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
    case "restart":
      return `${fault.node} started again at ${timeText(fault.at)} ms`;
  }
}

function messageText({ message }: Extract<Fault, { readonly message: unknown }>): string {
  return `${factText(message.relation, message.row)} to ${message.to}`;
}
