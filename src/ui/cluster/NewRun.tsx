import type { ReactNode } from "react";
import { useClew } from "../store/clewStore.ts";
import type { RunSettings } from "./clusterStore.ts";
import { useCluster } from "./clusterStore.ts";

/** What to run, with how many clients, for how long. */
export function NewRun(): ReactNode {
  const { health, noHarness, settings, change, start, stop, runs, problem, exportPlan, look } =
    useCluster();
  const at = useClew((state) => state.document?.at ?? 0);
  const running = runs.some((run) => run.state === "running");
  const seconds =
    (settings.warmupSeconds + settings.durationSeconds + 2) *
    (at > 0 && settings.original && settings.rewritten ? 2 : 1);
  if (noHarness !== undefined) {
    return (
      <div className="no-backend" role="alert">
        <p>
          <b>Cluster runs need the local server.</b> {noHarness} Everything else works here. Start
          it with <code>npm start</code>, or export the plan and run it elsewhere.
        </p>
        <div className="new-run-buttons">
          <button className="button" onClick={() => void look()}>
            Look again
          </button>
          <button
            className="button"
            onClick={() => void exportPlan(at > 0 ? "rewritten" : "original")}
          >
            Export plan
          </button>
        </div>
      </div>
    );
  }
  return (
    <form
      className="new-run"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <p className="target">
        <b>This machine</b>
        <span className="quiet">
          {health === undefined ? "looking for the local server" : `${health.cores} cores`} · one
          process a node; nodes share the cores, so expect no speed-up beyond them
        </span>
      </p>
      <fieldset>
        <legend>Programs</legend>
        <label>
          <input
            type="checkbox"
            checked={settings.original || at === 0}
            disabled={at === 0}
            onChange={(e) => change({ original: e.target.checked })}
          />
          <span className="side-mark original" aria-hidden="true" /> original
        </label>
        {at > 0 ? (
          <label>
            <input
              type="checkbox"
              checked={settings.rewritten}
              onChange={(e) => change({ rewritten: e.target.checked })}
            />
            <span className="side-mark rewritten" aria-hidden="true" /> step {at}
          </label>
        ) : (
          <p className="quiet">Nothing is rewritten yet, so only the original can run.</p>
        )}
      </fieldset>
      <Field
        label="Clients"
        unit="closed loops"
        name="clients"
        min={1}
        max={10_000}
        settings={settings}
      />
      <Field label="Warm-up" unit="s" name="warmupSeconds" min={0} max={600} settings={settings} />
      <Field
        label="Duration"
        unit="s"
        name="durationSeconds"
        min={1}
        max={3600}
        settings={settings}
      />
      <p className="quiet">16-byte commands; about {seconds} s in all.</p>
      {problem !== undefined && (
        <p className="run-failed" role="alert">
          {problem}
        </p>
      )}
      <div className="new-run-buttons">
        {running ? (
          <button type="button" className="button" onClick={() => void stop()}>
            Stop
          </button>
        ) : (
          <button className="button button-primary" type="submit">
            Run on cluster
          </button>
        )}
        <button
          type="button"
          className="button"
          onClick={() => void exportPlan(at > 0 ? "rewritten" : "original")}
        >
          Export plan
        </button>
      </div>
    </form>
  );
}

function Field(props: {
  readonly label: string;
  readonly unit: string;
  readonly name: "clients" | "warmupSeconds" | "durationSeconds";
  readonly min: number;
  readonly max: number;
  readonly settings: RunSettings;
}): ReactNode {
  const { label, unit, name, min, max, settings } = props;
  const change = useCluster((state) => state.change);
  return (
    <label className="run-field">
      {label}
      <span>
        <input
          className="text-input mono"
          type="number"
          required
          min={min}
          max={max}
          defaultValue={settings[name]}
          onChange={(event) => {
            const value = event.target.valueAsNumber;
            if (Number.isInteger(value) && value >= min && value <= max) change({ [name]: value });
          }}
        />{" "}
        <span className="quiet">{unit}</span>
      </span>
    </label>
  );
}
