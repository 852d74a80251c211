import { useId, useState } from "react";
import type { ReactNode } from "react";
import { useCheck } from "./checkStore.ts";
import type { CheckSettings } from "./checkStore.ts";

const MOST_REQUESTS = 8;
const MOST_EVENTS = 8;
/** Of more there are too many combinations. */
const MOST_TOGETHER = 16;
const MOST_STATES = 10_000_000;

/** What is tried: the more, the more it says and the longer it takes. */
export function BoundsForm({
  timers,
  nodes,
}: {
  readonly timers: boolean;
  /** Those of the original. */
  readonly nodes: readonly string[];
}): ReactNode {
  const settings = useCheck((state) => state.settings);
  const set = (change: Partial<CheckSettings>): void =>
    useCheck.setState({ settings: { ...settings, ...change } });
  const { clocks, observer, duplicates } = settings;
  const heading = useId();
  return (
    <section className="check-bounds" aria-labelledby={heading}>
      <h3 id={heading}>Bounds of the next check</h3>
      <BoundField
        label="Requests that clients send"
        value={settings.requests}
        least={1}
        most={MOST_REQUESTS}
        onChange={(requests) => set({ requests })}
      />
      {timers && (
        <BoundField
          label="How often each timer fires at each node"
          value={settings.firings}
          least={0}
          most={MOST_EVENTS}
          onChange={(firings) => set({ firings })}
        />
      )}
      <BoundField
        label="How often each node crashes"
        value={settings.crashes}
        least={0}
        most={MOST_EVENTS}
        onChange={(crashes) => set({ crashes })}
      />
      <DownField nodes={nodes} down={settings.down} onChange={(down) => set({ down })} />
      <BoundField
        label="Messages into one tick at most"
        value={settings.together}
        least={1}
        most={MOST_TOGETHER}
        onChange={(together) => set({ together })}
      />
      <BoundField
        label="States at most"
        value={settings.states}
        least={1}
        most={MOST_STATES}
        onChange={(states) => set({ states })}
      />
      <label>
        Clocks
        <select
          className="text-input"
          value={clocks}
          onChange={({ target }) =>
            set({ clocks: target.value === "lockstep" ? "lockstep" : "free" })
          }
        >
          <option value="free">every node ticks by itself</option>
          <option value="lockstep">nodes that were one tick together</option>
        </select>
      </label>
      <label>
        Clients notice
        <select
          className="text-input"
          value={observer === "first" ? 1 : observer.multi}
          onChange={({ target }) => {
            const counted = Number(target.value);
            set({ observer: counted === 1 ? "first" : { multi: counted } });
          }}
        >
          <option value={1}>the first of equal answers</option>
          <option value={2}>up to 2 of equal answers</option>
          <option value={3}>up to 3 of equal answers</option>
        </select>
      </label>
      <label className="check-field">
        <input
          type="checkbox"
          checked={duplicates}
          onChange={({ target }) => set({ duplicates: target.checked })}
        />
        Messages between nodes that were one may arrive twice
      </label>
      <p className="quiet">
        The requests are the first ones of a simulated run. A step that applies in lock-step only is
        checked in lock-step. Where there are more states than that, fewer nodes are checked, the
        fewest with 50 times the states.
      </p>
    </section>
  );
}

/** What is set for a node stays while a question is shown that does not have it. */
function DownField(props: {
  readonly nodes: readonly string[];
  readonly down: readonly string[];
  onChange(down: readonly string[]): void;
}): ReactNode {
  const { nodes, down, onChange } = props;
  return (
    <fieldset className="check-down">
      <legend>Nodes that may crash and stay down</legend>
      <div>
        {nodes.map((node) => (
          <label key={node} className="check-field">
            <input
              type="checkbox"
              checked={down.includes(node)}
              onChange={({ target }) =>
                onChange(target.checked ? [...down, node] : down.filter((each) => each !== node))
              }
            />
            <span className="mono">{node}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** What is typed stays until it is left; only a whole number within bounds counts. */
function BoundField(props: {
  readonly label: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  onChange(value: number): void;
}): ReactNode {
  const { value, least, most, onChange } = props;
  const [typed, setTyped] = useState<string>();
  const problem = useId();
  const isWrong = typed !== undefined && !isBound(typed, least, most);
  return (
    <label>
      {props.label}
      <input
        className="text-input mono"
        inputMode="numeric"
        value={typed ?? value}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? problem : undefined}
        onChange={({ target }) => {
          setTyped(target.value);
          if (isBound(target.value, least, most)) onChange(Number(target.value));
        }}
        onBlur={() => setTyped(undefined)}
      />
      {isWrong && (
        <span className="field-problem" id={problem}>
          A whole number from {least} to {most.toLocaleString("en")}.
        </span>
      )}
    </label>
  );
}

function isBound(text: string, least: number, most: number): boolean {
  const n = Number(text);
  return /^\d+$/.test(text.trim()) && n >= least && n <= most;
}
