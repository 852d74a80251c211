import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { useClew } from "../store/clewStore.ts";

/** What a drop took away can be put back until the next edit. */
export function TakenAwayNotice(): ReactNode {
  const sentence = useClew((state) => state.takenAway?.sentence);
  const putBack = useClew((state) => state.putBack);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The button that was pressed has gone with the step, or is now that of the next one.
    if (sentence !== undefined) button.current?.focus();
  }, [sentence]);
  if (sentence === undefined) return null;
  return (
    <div className="problem taken-away" role="group" aria-label="Taken away">
      <span>{sentence}</span>
      <button className="button" ref={button} onClick={putBack}>
        Put back <kbd>Ctrl Z</kbd>
      </button>
    </div>
  );
}
