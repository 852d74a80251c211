import { rowKey, valueKey } from "../program/value.ts";
import type { Row, Value } from "../program/value.ts";
import { conflicts, everHeld } from "./protocols.testing.ts";
import type { Trace } from "./trace.ts";

/** The command that does nothing, with which a new leader fills holes. */
export const NOTHING = valueKey([0, "nothing", "", { kind: "bytes", hex: "" } as Value]);

/** What is wrong with Multi-Paxos's log, and with what replicas made of it, in sentences. */
export function logViolations(trace: Trace, replicas: readonly string[]): readonly string[] {
  const wrong: string[] = [];
  const chosen = everHeld(trace, "chosen").map(({ row }) => row);
  const executed = everHeld(trace, "execute");
  wrong.push(...conflicts([...chosen, ...executed.map(({ row }) => row)], 1));

  const asked = new Set(trace.requests.map(({ input }) => valueKey([...input])));
  for (const [, command] of chosen) {
    const key = valueKey(command!);
    if (!asked.has(key) && key !== NOTHING) wrong.push(`${key} chosen, which nobody asked for`);
  }
  for (const at of replicas) {
    const slots = executed.filter((e) => e.at === at).map(({ row }) => row[0]);
    if (slots.some((slot, i) => slot !== i + 1)) wrong.push(`${at} executed ${slots.join(" ")}`);
    const ids = everHeld(trace, "run").filter((e) => e.at === at).map(({ row }) => row[1]); // prettier-ignore
    if (new Set(ids).size < ids.length) wrong.push(`${at} ran a command twice`);
  }
  wrong.push(
    ...wrongAnswers(
      trace,
      executed.map(({ row }) => row),
    ),
  );
  return wrong;
}

/** The answers are those of one store that executes the log once. */
function wrongAnswers(trace: Trace, log: readonly Row[]): readonly string[] {
  const bySlot = new Map(log.map(([slot, command]) => [Number(slot), command as readonly Value[]]));
  const store = new Map<string, Value>();
  const results = new Map<string, string>();
  for (let slot = 1; bySlot.has(slot); slot++) {
    const [id, operation, key, value] = bySlot.get(slot)!;
    if (results.has(valueKey(id!))) continue;
    const name = valueKey(key!);
    if (operation === "put") store.set(name, value!);
    const stored = store.get(name) ?? ({ kind: "bytes", hex: "" } as Value);
    results.set(valueKey(id!), valueKey(stored));
  }
  return trace.requests.flatMap(({ input, answers }) =>
    answers
      .filter(({ row }) => results.get(valueKey(input[0]!)) !== valueKey(row[1]!))
      .map(({ row }) => `${rowKey(input)} was answered ${rowKey(row)}`),
  );
}
