import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import type { RunningSimulation } from "../../workers/simulationApi.ts";
import type { Side } from "./simulatedRun.ts";
import { useSimulate } from "./simulateStore.ts";

/** What a run has done so far, with Cancel; nothing for the first tenth of a second. */
export function RunProgress({
  running,
}: {
  readonly running: RunningSimulation & { readonly side: Side };
}): ReactNode {
  const cancel = useSimulate((state) => state.cancel);
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 100);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) return null;
  return (
    <div className="run-progress" role="status">
      <span>
        Running the {running.side === "original" ? "original" : "rewritten program"}:{" "}
        {running.answered} of {running.requests} requests answered, {running.ticks} ticks
        {running.interpreted && " (slower: where this page comes from, rules may not become code)"}
      </span>
      <progress
        max={Math.max(1, running.requests)}
        value={running.answered}
        aria-label="Requests answered"
      />
      <button className="button" onClick={cancel}>
        Cancel
      </button>
    </div>
  );
}
