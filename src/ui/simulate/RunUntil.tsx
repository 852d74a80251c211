import { Popover } from "@mantine/core";
import "@mantine/core/styles/Popover.layer.css";
import { useId, useMemo, useState } from "react";
import type { FormEvent, ReactNode } from "react";
import type { Trace } from "../../simulator/trace.ts";
import { readPattern } from "./factPattern.ts";
import { aritiesOf, patternProblem } from "./runUntil.ts";
import type { Arities, Until } from "./runUntil.ts";
import type { Side, SimulatedRun } from "./simulatedRun.ts";
import { shownPrograms, useSimulate } from "./simulateStore.ts";
import type { Wanted } from "./untilOutcome.ts";
import { useUntil } from "./untilStore.ts";

/** The button and, while it is open, the form that says what to run to. */
export function RunUntil(): ReactNode {
  const asking = useUntil((state) => state.asking);
  const ask = useUntil((state) => state.ask);
  return (
    <Popover
      opened={asking}
      onChange={ask}
      position="bottom-start"
      withinPortal={false}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <button className="button" onClick={() => ask(!asking)}>
          Run until… <kbd>U</kbd>
        </button>
      </Popover.Target>
      <Popover.Dropdown className="simulate-popover" aria-label="Run until">
        <UntilForm />
      </Popover.Dropdown>
    </Popover>
  );
}

const CONDITIONS = {
  answer: "the next answer",
  request: "a request’s answer",
  appears: "a fact appears",
  "goes away": "a fact goes away",
  difference: "the first difference",
  tick: "a node’s tick",
  time: "a time",
} as const;

type Condition = keyof typeof CONDITIONS;

interface Fields {
  readonly condition: Condition;
  readonly side: Side | "";
  readonly request: number;
  readonly pattern: string;
  /** "" for any. */
  readonly node: string;
  readonly tick: number;
  readonly time: number;
}

function UntilForm(): ReactNode {
  const seek = useUntil((state) => state.seek);
  const run = useSimulate((state) => state.run);
  const [fields, setFields] = useState(firstFields);
  const [problem, setProblem] = useState<string>();
  const arities = useMemo(() => shownArities(), []);
  const set = (change: Partial<Fields>): void => {
    setFields({ ...fields, ...change });
    setProblem(undefined);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const until = untilOf(fields, arities);
    if (typeof until === "string") setProblem(until);
    else void seek({ until, side: fields.side === "" ? undefined : fields.side });
  };
  const { condition } = fields;
  const anySide = condition !== "difference" && condition !== "time";
  const problemId = useId();
  return (
    <form className="until-form" onSubmit={submit} noValidate>
      <label>
        Run until
        <select
          data-autofocus
          value={condition}
          onChange={(event) => set({ condition: event.target.value as Condition })}
        >
          {(Object.keys(CONDITIONS) as Condition[]).map((each) => (
            <option key={each} value={each}>
              {CONDITIONS[each]}
            </option>
          ))}
        </select>
      </label>
      <ConditionFields
        fields={fields}
        set={set}
        run={run}
        arities={arities}
        problemId={problem === undefined ? undefined : problemId}
      />
      {run?.rewritten !== undefined && anySide && (
        <label>
          in
          <select
            value={fields.side}
            onChange={(event) => set({ side: event.target.value as Side | "" })}
          >
            <option value="">either run, whichever is first</option>
            <option value="original">the original run</option>
            <option value="rewritten">the rewritten run</option>
          </select>
        </label>
      )}
      {problem !== undefined && (
        <p className="field-problem" id={problemId} role="alert">
          {problem}
        </p>
      )}
      <button className="button button-primary" type="submit">
        ▸ Run
      </button>
    </form>
  );
}

function ConditionFields(props: {
  readonly fields: Fields;
  readonly run: SimulatedRun | undefined;
  readonly arities: Arities;
  readonly problemId: string | undefined;
  set(change: Partial<Fields>): void;
}): ReactNode {
  const { fields, set, run, arities, problemId } = props;
  const relations = useId();
  const number = (label: string, name: "request" | "tick" | "time", least: number): ReactNode => (
    <label>
      {label}
      <input
        className="text-input mono"
        type="number"
        min={least}
        step={name === "time" ? "any" : 1}
        value={Number.isNaN(fields[name]) ? "" : fields[name]}
        aria-describedby={problemId}
        onChange={(event) => set({ [name]: event.target.valueAsNumber })}
      />
    </label>
  );
  switch (fields.condition) {
    case "answer":
    case "difference":
      return null;
    case "request":
      return number("Request", "request", 1);
    case "time":
      return number("Time, ms", "time", 0);
    case "tick":
      return (
        <>
          <NodeField fields={fields} set={set} run={run} any={undefined} />
          {number("Tick", "tick", 1)}
        </>
      );
    case "appears":
    case "goes away":
      return (
        <>
          <label>
            Fact
            <input
              className="text-input mono"
              list={relations}
              value={fields.pattern}
              placeholder="votes(_, 3)"
              spellCheck={false}
              aria-describedby={problemId}
              aria-invalid={problemId !== undefined}
              onChange={(event) => set({ pattern: event.target.value })}
            />
          </label>
          <datalist id={relations}>
            {[...arities].map(([name, arity]) => (
              <option key={name}>{`${name}(${"_, ".repeat(arity).slice(0, -2)})`}</option>
            ))}
          </datalist>
          <p className="quiet">
            <code>_</code> fits any value; a name alone fits every fact of that relation.
          </p>
          <NodeField fields={fields} set={set} run={run} any="any node" />
        </>
      );
  }
}

function NodeField(props: {
  readonly fields: Fields;
  readonly run: SimulatedRun | undefined;
  readonly any: string | undefined;
  set(change: Partial<Fields>): void;
}): ReactNode {
  const { fields, run, any, set } = props;
  const addresses = nodesOf(run);
  const unknown = fields.node !== "" && !addresses.includes(fields.node);
  return (
    <label>
      {any === undefined ? "Node" : "on"}
      <select value={fields.node} onChange={(event) => set({ node: event.target.value })}>
        {any !== undefined && <option value="">{any}</option>}
        {any === undefined && fields.node === "" && <option value="">choose one</option>}
        {unknown && <option>{fields.node}</option>}
        {addresses.map((address) => (
          <option key={address}>{address}</option>
        ))}
      </select>
    </label>
  );
}

function nodesOf(run: SimulatedRun | undefined): readonly string[] {
  const of = (trace: Trace | undefined): readonly string[] =>
    trace?.nodes.map((node) => node.address) ?? [];
  return [...new Set([...of(run?.original), ...of(run?.rewritten)])];
}

/** What was asked last, or the next answer. */
function firstFields(): Fields {
  const { wanted } = useUntil.getState();
  const { node, cursor } = useSimulate.getState();
  const fields: Fields = {
    condition: "answer",
    side: wanted?.side ?? "",
    request: 1,
    pattern: "",
    node: "",
    tick: 1,
    time: Math.round(cursor),
  };
  return wanted === undefined ? fields : { ...fields, ...askedFields(wanted, node) };
}

function askedFields({ until }: Wanted, node: string | undefined): Partial<Fields> {
  switch (until.kind) {
    case "answer":
    case "difference":
      return { condition: until.kind };
    case "request":
      return { condition: "request", request: until.request };
    case "time":
      return { condition: "time", time: until.at };
    case "tick":
      return { condition: "tick", node: until.node ?? node, tick: until.tick };
    case "fact":
      return { condition: until.change, pattern: until.text, node: until.node ?? "" };
  }
}

/** A sentence when the fields do not say it yet. */
function untilOf(fields: Fields, arities: Arities): Until | string {
  const { condition, request, tick, node, time } = fields;
  switch (condition) {
    case "answer":
    case "difference":
      return { kind: condition };
    case "request":
      return isCount(request) ? { kind: "request", request } : "Requests are numbered from 1.";
    case "time":
      return time >= 0 ? { kind: "time", at: time } : "A time is a number of milliseconds, from 0.";
    case "tick":
      if (node === "") return "Choose the node whose tick it is.";
      return isCount(tick) ? { kind: "tick", node, tick } : "Ticks are numbered from 1.";
    case "appears":
    case "goes away": {
      const read = readPattern(fields.pattern);
      if (read.kind === "problem") return read.sentence;
      const { pattern } = read;
      const text = fields.pattern.trim();
      const on = node === "" ? undefined : node;
      return (
        patternProblem(pattern, arities) ?? {
          kind: "fact",
          change: condition,
          pattern,
          text,
          node: on,
        }
      );
    }
  }
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

function shownArities(): Arities {
  const { original, rewritten } = shownPrograms();
  const programs = [original, rewritten].flatMap((each) => (each ? [each.program] : []));
  return aritiesOf(programs, original?.deployment.clients.input);
}
