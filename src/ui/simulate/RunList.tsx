import type { ReactNode } from "react";
import { BranchIcon } from "./BranchIcon.tsx";
import { timeText } from "./factText.ts";
import { MAIN_RUN } from "./keptRuns.ts";
import type { KeptRun } from "./keptRuns.ts";
import { useSimulate } from "./simulateStore.ts";

/** The runs that are kept: the main one and its branches. Nothing but the way to make one while there is only one. */
export function RunList(): ReactNode {
  const kept = useSimulate((state) => state.kept);
  const shown = useSimulate((state) => state.shown);
  const cursor = useSimulate((state) => state.cursor);
  const branch = useSimulate((state) => state.branch);
  const show = useSimulate((state) => state.show);
  const remove = useSimulate((state) => state.remove);
  return (
    <div className="run-list">
      {kept.length > 1 && (
        <ul aria-label="Runs">
          {kept.map((each) => (
            <li key={each.id} className={each.id === shown ? "kept-run shown" : "kept-run"}>
              <button
                className="kept-run-name"
                aria-current={each.id === shown ? "true" : undefined}
                onClick={() => show(each.id)}
              >
                {each.left && <BranchIcon />}
                {each.name}
                {each.left && <span className="quiet"> at {timeText(each.left.at)}</span>}
              </button>
              {each.id !== MAIN_RUN && (
                <button
                  className="kept-run-remove"
                  aria-label={`Remove ${each.name}`}
                  onClick={() => remove(each.id)}
                >
                  ×
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      <button
        className="button button-plain"
        title="Everything up to this moment stays as it is; what you change from now on is the branch's."
        onClick={branch}
      >
        <BranchIcon />
        Branch at {timeText(cursor)} ms <kbd>B</kbd>
      </button>
    </div>
  );
}

/** What the shown branch is: its name, what it left, and what the network does after. */
export function BranchHead(): ReactNode {
  const kept = useSimulate((state) => state.kept);
  const shown = useSimulate((state) => state.shown);
  const left = useSimulate((state) => state.left);
  const seedAfter = useSimulate((state) => state.settings.seedAfter);
  const rename = useSimulate((state) => state.rename);
  const show = useSimulate((state) => state.show);
  const change = useSimulate((state) => state.change);
  const moveTo = useSimulate((state) => state.moveTo);
  const own = kept.find((each) => each.id === shown);
  if (own === undefined || left === undefined) return null;
  const parent = kept.find((each: KeptRun) => each.id === left.id);
  const from = parent?.name ?? "a run since removed";
  return (
    <div className="branch-head" role="group" aria-label={`About ${own.name}`}>
      <input
        className="text-input"
        aria-label="Name of this branch"
        value={own.name}
        onChange={(event) => rename(own.id, event.target.value)}
      />
      <span>
        left {from} at{" "}
        <button className="link-button" onClick={() => moveTo(left.at)}>
          {timeText(left.at)} ms
        </button>
        ; before that both are the same.
      </span>
      <label className="number-field">
        Network seed from there
        <input
          className="text-input mono"
          type="number"
          min={0}
          max={4294967295}
          placeholder="same"
          value={seedAfter ?? ""}
          onChange={(event) => {
            const value = event.target.valueAsNumber;
            change({ seedAfter: Number.isInteger(value) && value >= 0 ? value : undefined });
          }}
        />
      </label>
      {parent && (
        <button className="button" onClick={() => show(parent.id)}>
          Back to {parent.name}
        </button>
      )}
    </div>
  );
}
