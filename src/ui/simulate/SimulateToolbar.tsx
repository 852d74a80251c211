import type { ReactNode } from "react";
import { RunUntil } from "./RunUntil.tsx";
import type { Settings } from "./simulatedRun.ts";
import type { ArmedFault } from "./simulateStore.ts";
import { useSimulate } from "./simulateStore.ts";

export const FAULT_KEYS: Readonly<
  Record<ArmedFault, { readonly key: string; readonly title: string; readonly click: string }>
> = {
  delay: { key: "Y", title: "Delay", click: "a message" },
  lose: { key: "O", title: "Lose", click: "a message" },
  duplicate: { key: "D", title: "Duplicate", click: "a message" },
  cut: { key: "L", title: "Cut link", click: "a message on the link" },
  crash: { key: "X", title: "Crash", click: "a node's lifeline" },
  pause: { key: "P", title: "Pause", click: "a node's lifeline" },
};

/** Run and step, choose a fault, and what the run is made from. */
export function SimulateToolbar(): ReactNode {
  const armed = useSimulate((state) => state.armed);
  const arm = useSimulate((state) => state.arm);
  const start = useSimulate((state) => state.start);
  const moveTo = useSimulate((state) => state.moveTo);
  const settings = useSimulate((state) => state.settings);
  const change = useSimulate((state) => state.change);
  const step = useSimulate((state) => state.step);
  const inBranch = useSimulate((state) => state.left !== undefined);
  const isChecked = useSimulate((state) => state.of !== undefined);
  return (
    <div className="simulate-toolbar" role="toolbar" aria-label="Simulation">
      <button className="button" aria-label="To the start" onClick={() => moveTo(0)}>
        |◂
      </button>
      <button className="button" onClick={() => step(-1)}>
        ◂ Step <kbd>,</kbd>
      </button>
      <button className="button button-primary" onClick={() => void start()}>
        ▸ Run <kbd>Space</kbd>
      </button>
      <button className="button" onClick={() => step(1)}>
        Step ▸ <kbd>.</kbd>
      </button>
      <RunUntil />
      <span className="toolbar-line" />
      <span className="quiet">Fault</span>
      {(Object.keys(FAULT_KEYS) as ArmedFault[]).map((fault) => (
        <button
          key={fault}
          className="button fault-button"
          aria-pressed={armed === fault}
          title={`${FAULT_KEYS[fault].title}: then click ${FAULT_KEYS[fault].click}`}
          onClick={() => arm(armed === fault ? undefined : fault)}
        >
          {FAULT_KEYS[fault].title} <kbd>{FAULT_KEYS[fault].key}</kbd>
        </button>
      ))}
      <span className="toolbar-line" />
      {inBranch || isChecked ? (
        <span className="quiet">
          Seed {settings.seed}, {settings.requests}{" "}
          {settings.requests === 1 ? "request" : "requests"}, as in the{" "}
          {inBranch ? "run it left" : "check"}
        </span>
      ) : (
        <>
          <NumberField
            label="Seed"
            value={settings.seed}
            min={0}
            max={4294967295}
            onChange={(seed) => change({ seed })}
          />
          <NumberField
            label="Requests"
            value={settings.requests}
            min={1}
            max={10000}
            onChange={(requests) => change({ requests })}
          />
          <NetworkFields settings={settings} onChange={change} />
        </>
      )}
    </div>
  );
}

function NetworkFields(props: {
  readonly settings: Settings;
  onChange(change: Partial<Settings>): void;
}): ReactNode {
  const { settings, onChange } = props;
  return (
    <details className="network-fields">
      <summary className="button">Network</summary>
      <div className="network-body">
        <NumberField
          label="Clients at once"
          value={settings.loops}
          min={1}
          max={1000}
          onChange={(loops) => onChange({ loops })}
        />
        <NumberField
          label="Least delay, ms"
          value={settings.delayMin}
          min={0}
          max={10000}
          onChange={(delayMin) => onChange({ delayMin })}
        />
        <NumberField
          label="Most delay, ms"
          value={settings.delayMax}
          min={0}
          max={10000}
          onChange={(delayMax) => onChange({ delayMax })}
        />
        <NumberField
          label="Lost, %"
          value={settings.loss}
          min={0}
          max={100}
          onChange={(loss) => onChange({ loss })}
        />
        <NumberField
          label="Delivered twice, %"
          value={settings.duplication}
          min={0}
          max={100}
          onChange={(duplication) => onChange({ duplication })}
        />
        <label className="check-field">
          <input
            type="checkbox"
            checked={settings.reordering}
            onChange={(event) => onChange({ reordering: event.target.checked })}
          />
          Messages may overtake each other
        </label>
        <p className="quiet">
          Links between siblings of one original node lose nothing. Press Run to apply.
        </p>
      </div>
    </details>
  );
}

function NumberField(props: {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  onChange(value: number): void;
}): ReactNode {
  return (
    <label className="number-field">
      {props.label}
      <input
        className="text-input mono"
        type="number"
        min={props.min}
        max={props.max}
        value={props.value}
        onChange={(event) => {
          const value = event.target.valueAsNumber;
          if (Number.isInteger(value) && value >= props.min && value <= props.max)
            props.onChange(value);
        }}
      />
    </label>
  );
}
