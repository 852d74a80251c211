import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import { timeText } from "./factText.ts";
import { useSimulate } from "./simulateStore.ts";
import { useUntil } from "./untilStore.ts";

/** What became of "Run until…", with the way on; while it still looks, the way to stop it. */
export function UntilBand(): ReactNode {
  const seeking = useUntil((state) => state.seeking);
  const run = useSimulate((state) => state.run);
  const outcome = useUntil((state) => state.outcome);
  return (
    <div className="until-band" role="status">
      {seeking && <Seeking />}
      {!seeking && outcome?.run === run && outcome !== undefined && (
        <div className={`until-outcome ${outcome.kind}`}>
          <p>{outcome.sentence}</p>
          <OutcomeButtons />
        </div>
      )}
    </div>
  );
}

/** Nothing for the first tenth of a second. */
function Seeking(): ReactNode {
  const cancel = useUntil((state) => state.cancel);
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 100);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) return null;
  return (
    <div className="until-outcome">
      <p>Running until it is so…</p>
      <button className="button" onClick={cancel}>
        Cancel <kbd>Esc</kbd>
      </button>
    </div>
  );
}

function OutcomeButtons(): ReactNode {
  const outcome = useUntil((state) => state.outcome);
  const wanted = useUntil((state) => state.wanted);
  const seek = useUntil((state) => state.seek);
  const go = useUntil((state) => state.go);
  const close = useUntil((state) => state.close);
  const before = outcome?.kind === "never" ? outcome.before : undefined;
  const comesAgain = wanted?.until.kind === "answer" || wanted?.until.kind === "fact";
  return (
    <>
      {before !== undefined && (
        <button className="button" onClick={() => go(before)}>
          Back to {timeText(before.at)} ms
        </button>
      )}
      {outcome?.kind === "reached" && comesAgain && (
        <button className="button" onClick={() => void seek(wanted)}>
          Run on
        </button>
      )}
      <button className="icon-button" aria-label="Close this" onClick={close}>
        ×
      </button>
    </>
  );
}
