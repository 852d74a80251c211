import type { ReactNode } from "react";
import type { InvariantOutcome } from "../../simulator/invariantOutcome.ts";
import type { Trace } from "../../simulator/trace.ts";
import { Prose } from "../shell/Prose.tsx";
import { findings, findingText, showFinding, sidesOf } from "./brokenInvariants.ts";
import type { Side, SimulatedRun } from "./simulatedRun.ts";

const LISTED = 5;

/** What the program says must hold, and what became of it on each side. */
export function InvariantList({ run }: { readonly run: SimulatedRun }): ReactNode {
  const sides = sidesOf(run).filter(({ trace }) => trace.invariants !== undefined);
  if (sides.length === 0) return null;
  return (
    <section className="invariant-list" aria-label="What must hold">
      <h2>What must hold</h2>
      {sides.map(({ side, trace }) => (
        <div key={side}>
          {run.rewritten !== undefined && <h3>{side === "original" ? "Original" : "Rewritten"}</h3>}
          <ul>
            {trace.invariants!.map((outcome) => (
              <li key={outcome.relation}>
                <Outcome side={side} trace={trace} outcome={outcome} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

function Outcome(props: {
  readonly side: Side;
  readonly trace: Trace;
  readonly outcome: InvariantOutcome;
}): ReactNode {
  const { side, trace, outcome } = props;
  const { relation } = outcome;
  switch (outcome.kind) {
    case "held":
      return relation === "post" ? (
        <p>
          ✓ In the end all of <code>pre</code> is in <code>post</code>.
        </p>
      ) : (
        <p>
          ✓ <code>{relation}</code> stayed empty in this run.
        </p>
      );
    case "unchecked":
      return (
        <p className="not-known">
          – <code>{relation}</code> is not checked. <Prose text={outcome.why} />
        </p>
      );
    case "broken": {
      const all = findings(trace).filter((finding) => finding.outcome === outcome);
      const own = all.slice(0, LISTED);
      const more = outcome.found - own.length;
      return (
        <>
          <p className="invariant-broken">
            ✗ <code>{relation}</code> is broken.
          </p>
          <ul>
            {own.map((finding, index) => (
              <li key={index}>
                <Prose text={findingText(trace, finding)} />{" "}
                <button className="link-button" onClick={() => showFinding(side, trace, finding)}>
                  Show it
                </button>
              </li>
            ))}
            {more > 0 && <li>and {more} more</li>}
          </ul>
        </>
      );
    }
  }
}
