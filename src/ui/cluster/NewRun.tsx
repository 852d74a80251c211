import { useId } from "react";
import type { ReactNode } from "react";
import { useClew } from "../store/clewStore.ts";
import { readClientCounts } from "../../plan/sweepPoints.ts";
import type { ClientCounts } from "../../plan/sweepPoints.ts";
import type { MissingHarness, RunSettings } from "./clusterStore.ts";
import { MAX_CLIENTS, MAX_REPEATS, sidesOf, useCluster } from "./clusterStore.ts";

/** What to run, with how many clients, for how long. */
export function NewRun(): ReactNode {
  const cluster = useCluster();
  const { health, noHarness, foreign, settings, sweeps, problem } = cluster;
  const { change, start, stop, stopForeign, exportPlan } = cluster;
  const at = useClew((state) => state.document?.at ?? 0);
  const steps = useClew((state) => state.document?.source.steps.length ?? 0);
  const running = sweeps.some((sweep) => sweep.state === "running");
  const counts = readClientCounts(settings.clients, MAX_CLIENTS);
  if (noHarness !== undefined) return <NoServer why={noHarness} />;
  return (
    <form
      className="new-run"
      onSubmit={(event) => {
        event.preventDefault();
        if (counts.kind === "ok") void start();
        else event.currentTarget.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
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
          <p className="quiet">
            {steps === 0
              ? "Nothing is rewritten yet, so only the original can run."
              : "The base is shown, so only the original can run; walk to a step to run it too."}
          </p>
        )}
      </fieldset>
      <ClientsField settings={settings} counts={counts} />
      <Field label="Warm-up" unit="s" name="warmupSeconds" min={0} max={600} settings={settings} />
      <Field
        label="Duration"
        unit="s"
        name="durationSeconds"
        min={1}
        max={3600}
        settings={settings}
      />
      <Field
        label="Repeats"
        unit={settings.repeats === 1 ? "run" : "runs"}
        name="repeats"
        min={1}
        max={MAX_REPEATS}
        settings={settings}
        note="Of every point; charts show their median and a band from the lowest to the highest."
      />
      {counts.kind === "ok" && <p className="quiet">{planned(settings, counts.counts)}</p>}
      {foreign !== undefined && (
        <div className="foreign-run" role="alert">
          <p>
            A run of “{foreign.planName}” is under way on this machine. Another page started it, or
            this one before it was loaded again.
          </p>
          <button type="button" className="button" onClick={() => void stopForeign()}>
            Stop that run
          </button>
        </div>
      )}
      {problem !== undefined && foreign === undefined && (
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

/** Says what still works, and what would bring runs back. */
function NoServer({ why }: { readonly why: MissingHarness }): ReactNode {
  const { look, exportPlan } = useCluster();
  const at = useClew((state) => state.document?.at ?? 0);
  return (
    <div className="no-backend" role="alert">
      <p>
        <b>Cluster runs need the local server.</b> {why.sentence} Everything else works here.{" "}
        {why.reload ? (
          "Load the page again; programs and results stay."
        ) : (
          <>
            Start it with <code>npm start</code>, or export the plan and run it elsewhere.
          </>
        )}
      </p>
      <div className="new-run-buttons">
        <button
          className="button"
          onClick={() => (why.reload ? window.location.reload() : void look())}
        >
          {why.reload ? "Load again" : "Look again"}
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

function ClientsField({
  settings,
  counts,
}: {
  readonly settings: RunSettings;
  readonly counts: ClientCounts;
}): ReactNode {
  const change = useCluster((state) => state.change);
  const wrong = counts.kind === "problem";
  return (
    <div className="clients-field">
      <label className="run-field">
        Clients
        <input
          className="text-input mono clients-input"
          spellCheck={false}
          autoComplete="off"
          value={settings.clients}
          aria-invalid={wrong}
          aria-describedby="clients-note"
          onChange={(event) => change({ clients: event.target.value })}
        />
      </label>
      <p id="clients-note" className={wrong ? "run-failed" : "quiet"}>
        {wrong
          ? counts.message
          : "Each asks again once it is answered. Several numbers make a curve."}
      </p>
    </div>
  );
}

/** How many runs that is, and how long they take; a run takes a second or two to start. */
function planned(settings: RunSettings, clients: readonly number[]): string {
  const sides = sidesOf(settings).length;
  const runs = clients.length * sides * settings.repeats;
  const seconds = runs * (settings.warmupSeconds + settings.durationSeconds + 2);
  const time = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  return `${runs === 1 ? "1 run" : `${runs} runs${sides > 1 ? ", programs in turn" : ""}`}; about ${time} in all.`;
}

function Field(props: {
  readonly label: string;
  readonly unit: string;
  readonly name: "warmupSeconds" | "durationSeconds" | "repeats";
  readonly min: number;
  readonly max: number;
  readonly settings: RunSettings;
  /** Below the field. */
  readonly note?: string;
}): ReactNode {
  const { label, unit, name, min, max, settings, note } = props;
  const noteId = useId();
  const change = useCluster((state) => state.change);
  const field = (
    <label className="run-field">
      {label}
      <span>
        <input
          className="text-input mono"
          type="number"
          required
          min={min}
          max={max}
          aria-describedby={note === undefined ? undefined : noteId}
          defaultValue={settings[name]}
          onChange={(event) => {
            const value = event.target.valueAsNumber;
            if (Number.isInteger(value) && value >= min && value <= max) change({ [name]: value });
          }}
        />{" "}
        <span className="quiet field-unit">{unit}</span>
      </span>
    </label>
  );
  if (note === undefined) return field;
  return (
    <div className="clients-field">
      {field}
      <p id={noteId} className="quiet">
        {note}
      </p>
    </div>
  );
}
