import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { CryptoProvider } from "../evaluator/cryptoProvider.ts";
import { nodeEnvironment } from "../evaluator/environment.ts";
import type { FunctionTable } from "../evaluator/functions.ts";
import type { Fact, Send } from "../evaluator/nodeEngine.ts";
import { INITIAL_STATE, referenceTick } from "../evaluator/reference.ts";
import type { NodeState } from "../evaluator/reference.ts";
import { rowKey } from "../program/value.ts";
import type { Fault, MessageFault, MessageSelector } from "../simulator/faults.ts";
import type { SimulationSettings } from "../simulator/simulationOptions.ts";
import type { Input } from "./machine.ts";
import type { ScheduleStep } from "./schedule.ts";

/** Simulated milliseconds between two steps: many times what the network takes for a message by itself. */
const STEP = 100;
/** What is to enter a step arrives so long before it, whatever the network draws. */
const BEFORE = 50;
/** Long enough for one tick, and too short for a second. */
const ONE_TICK = 0.05;
/** The longest a message takes by itself. */
const DELAY = 10;

/**
 * What makes a simulation of the program run as the schedule says: between its steps every node is paused, and what
 * enters a later tick is delayed until then. Afterwards everything goes on. Requests are all sent at the start, each to
 * every node that reads them; `requests` has them in that order. Undefined when the schedule needs what a simulated node
 * does not do: to tick, and so to send again, when nothing has arrived and nothing changes.
 */
export function simulatedSchedule(
  p: AnalyzedProgram,
  schedule: readonly ScheduleStep[],
  requests: readonly (readonly Input[])[],
  told: { readonly functions: FunctionTable; readonly crypto: CryptoProvider },
): SimulationSettings | undefined {
  const { deployment } = p;
  if (deployment === undefined) throw new Error("A program without a deployment has no nodes.");
  const nodes = new Map(
    p.program.components.flatMap(({ name }) =>
      (deployment.instances[name] ?? []).map((at): [string, RunningNode] => {
        const { functions, crypto } = told;
        const told1 = nodeEnvironment(p, deployment, name, at, functions, crypto);
        return [at, { tick: referenceTick(p, name, told1), state: INITIAL_STATE, settled: false }];
      }),
    ),
  );
  const post = new Post();
  for (const input of requests.flat()) post.send(deployment.clients.address, input, 0);
  for (const [i, { ticks }] of schedule.entries()) {
    const now = (i + 1) * STEP;
    const sent: [string, Send][] = [];
    for (const { address, arrived } of ticks) {
      const node = nodes.get(address)!;
      if (arrived.length === 0 && node.settled) return undefined;
      if (!arrived.every((fact) => post.deliver(address, fact, now))) return undefined;
      const { state, sends } = node.tick(node.state, arrived);
      node.settled = stateText(state) === stateText(node.state);
      node.state = state;
      sent.push(...sends.map((send): [string, Send] => [address, send]));
    }
    for (const [from, send] of sent) post.send(from, send, now);
  }
  const end = (schedule.length + 1) * STEP;
  return {
    seed: deployment.seed,
    requests: requests.length,
    loops: requests.length,
    patience: 10 * end,
    network: { delay: { min: 1, max: DELAY }, loss: 0, duplication: 0, reordering: 1 },
    literalSends: true,
    faults: [...pauses([...nodes.keys()], schedule, end), ...post.faults(nodes, end)],
  };
}

interface RunningNode {
  readonly tick: ReturnType<typeof referenceTick>;
  state: NodeState;
  /** Its last tick left its state as it was: it does not tick by itself. */
  settled: boolean;
}

function stateText({ carried }: NodeState): string {
  const facts = [...carried].flatMap(([name, rows]) => rows.map((row) => `${name}(${rowKey(row)}`));
  return facts.sort().join();
}

function pauses(
  nodes: readonly string[],
  schedule: readonly ScheduleStep[],
  end: number,
): readonly Fault[] {
  const turns = schedule.flatMap(({ ticks }, i) =>
    ticks.flatMap(({ address: node }): readonly Fault[] => {
      const at = (i + 1) * STEP;
      return [
        { kind: "resume", at, node },
        { kind: "pause", at: at + ONE_TICK, node },
      ];
    }),
  );
  return [
    ...nodes.map((node): Fault => ({ kind: "pause", at: 0, node })),
    ...turns,
    ...nodes.map((node): Fault => ({ kind: "resume", at: end, node })),
  ];
}

interface Letter {
  readonly message: MessageSelector;
  readonly sentAt: number;
  /** The steps that copies of it enter. */
  readonly enters: number[];
}

/** Every message of the run: who sent it when, and when it is to arrive. */
class Post {
  readonly #letters = new Map<string, Letter[]>();
  readonly #sendings = new Map<string, number>();

  send(from: string, { to, relation, row }: Send, sentAt: number): void {
    const link = `${from} ${factText(to, { relation, row })}`;
    const occurrence = this.#sendings.get(link) ?? 0;
    this.#sendings.set(link, occurrence + 1);
    const message = { from, to, relation, row, occurrence };
    const key = factText(to, message);
    const alike = this.#letters.get(key) ?? [];
    this.#letters.set(key, [...alike, { message, sentAt, enters: [] }]);
  }

  /** One of those facts that are under way to the node enters its tick, or a second copy of one; false when there is none. */
  deliver(to: string, fact: Fact, now: number): boolean {
    const alike = (this.#letters.get(factText(to, fact)) ?? []).filter((l) => l.sentAt < now);
    const letter =
      alike.find((l) => l.enters.length === 0) ?? alike.find((l) => l.enters.length === 1);
    letter?.enters.push(now);
    return letter !== undefined;
  }

  /** Messages to nodes arrive just before the step that they enter, the others when all is over. */
  faults(nodes: ReadonlyMap<string, unknown>, end: number): readonly MessageFault[] {
    const all = [...this.#letters.values()].flat().filter(({ message }) => nodes.has(message.to));
    return all.flatMap(({ message, sentAt, enters }): readonly MessageFault[] => {
      const [first = end + STEP, second] = enters;
      const by = first - BEFORE - DELAY - sentAt;
      const late: MessageFault = { kind: "delay", message, by };
      if (second === undefined) return [late];
      return [late, { kind: "duplicate", message, after: second - first }];
    });
  }
}

function factText(to: string, { relation, row }: Fact): string {
  return `${to} ${relation}(${rowKey(row)}`;
}
