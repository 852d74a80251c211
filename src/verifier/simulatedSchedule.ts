import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { CryptoProvider } from "../evaluator/cryptoProvider.ts";
import { nodeEnvironment } from "../evaluator/environment.ts";
import type { FunctionTable } from "../evaluator/functions.ts";
import type { Fact, Send } from "../evaluator/nodeEngine.ts";
import { EvaluationError } from "../evaluator/evaluationError.ts";
import { INITIAL_STATE, referenceTick } from "../evaluator/reference.ts";
import type { NodeState, ReferenceTick } from "../evaluator/reference.ts";
import { rowKey } from "../program/value.ts";
import type { Fault, MessageFault, MessageSelector } from "../simulator/faults.ts";
import type { SimulationSettings } from "../simulator/simulationOptions.ts";
import { sendText } from "./machine.ts";
import type { Input } from "./machine.ts";
import { outlivesCrash } from "./nodeCrashes.ts";
import type { ScheduleStep } from "./schedule.ts";

/** Simulated milliseconds between two steps: many times what the network takes for a message by itself. */
const STEP = 100;
/** What is to enter a step arrives so long before it, whatever the network draws. */
const BEFORE = 50;
/** Long enough for one tick, and too short for a second. */
const ONE_TICK = 0.05;
/** What a message takes by itself. */
const DELAY = 1;

/**
 * What makes a simulation of the program run as the schedule says: between its steps every node is paused, and what
 * enters a later tick, or is seen later, is delayed until then. Afterwards everything goes on. Requests are all sent at
 * the start, each to every node that reads them; `requests` has them in that order, and what the schedule does not send
 * is lost. Undefined when the schedule needs what a simulated node does not do: to tick, and so to send again, when
 * nothing has arrived and nothing changes.
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
  const used = new Set(schedule.flatMap(({ inputs }) => inputs));
  for (const [i, input] of requests.flat().entries()) {
    post.send(deployment.clients.address, input, 0, used.has(i) ? "arrives" : "lost");
  }
  for (const [i, { ticks, outputs, crashed, forGood }] of schedule.entries()) {
    const now = (i + 1) * STEP;
    const sent: [string, Send][] = [];
    for (const { address, arrived } of ticks) {
      const node = nodes.get(address)!;
      if (arrived.length === 0 && node.settled && crashed === undefined) return undefined;
      const all = arrived.map((fact): Send => ({ ...fact, to: address }));
      if (!all.every((send) => post.deliver(send, now - 1, now - BEFORE, 2))) return undefined;
      if (crashed !== undefined) {
        if (forGood !== true) crash(node, p);
        continue;
      }
      const done = tickOrStop(node, arrived);
      sent.push(...(done?.sends ?? []).map((send): [string, Send] => [address, send]));
    }
    for (const [from, send] of sent) post.send(from, send, now, "arrives");
    // One after another, so that both programs of a comparison show them in one order.
    if (!outputs.every((send, j) => post.deliver(send, now, now + DELAY + j, 1))) return undefined;
  }
  const end = (schedule.length + 1) * STEP;
  return {
    seed: deployment.seed,
    requests: requests.length,
    loops: requests.length,
    patience: 10 * end,
    network: { delay: { min: DELAY, max: DELAY }, loss: 0, duplication: 0, reordering: 1 },
    literalSends: true,
    faults: [...pauses([...nodes.keys()], schedule, end), ...post.faults(end)],
  };
}

interface RunningNode {
  readonly tick: ReturnType<typeof referenceTick>;
  state: NodeState;
  /** Its last tick left its state as it was: it does not tick by itself. */
  settled: boolean;
}

/** Undefined when it stops with a run-time error. */
function tickOrStop(node: RunningNode, arrived: readonly Fact[]): ReferenceTick | undefined {
  try {
    const done = node.tick(node.state, arrived);
    node.settled = stateText(done.state) === stateText(node.state);
    node.state = done.state;
    return done;
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

function crash(node: RunningNode, p: AnalyzedProgram): void {
  const kept = [...node.state.carried].filter(([relation]) => outlivesCrash(p, relation));
  node.state = { ...INITIAL_STATE, carried: new Map(kept) };
  node.settled = false;
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
  const down = new Set<string>();
  const turns = schedule.flatMap(({ ticks, crashed, forGood }, i): readonly Fault[] => {
    const at = (i + 1) * STEP;
    if (crashed !== undefined) {
      if (down.has(crashed)) return [];
      if (forGood === true) {
        down.add(crashed);
        return [{ kind: "crash", at, node: ticks[0]!.address }];
      }
      // All at one time: who starts again is paused before it ticks. Of siblings the first takes the others along.
      const node = ticks[0]!.address;
      const stops = ticks.map(({ address }): Fault => ({ kind: "pause", at, node: address }));
      return [{ kind: "crash", at, node }, { kind: "restart", at, node }, ...stops];
    }
    return ticks.flatMap(({ address: node }): readonly Fault[] => [
      { kind: "resume", at, node },
      { kind: "pause", at: at + ONE_TICK, node },
    ]);
  });
  return [
    ...nodes.map((node): Fault => ({ kind: "pause", at: 0, node })),
    ...turns,
    ...nodes.map((node): Fault => ({ kind: "resume", at: end, node })),
  ];
}

interface Letter {
  readonly message: MessageSelector;
  readonly sentAt: number;
  readonly fate: "arrives" | "lost";
  /** When copies of it arrive. */
  readonly arrivals: number[];
}

/** Every message of the run: who sent it when, and when it is to arrive. */
class Post {
  readonly #letters = new Map<string, Letter[]>();
  readonly #sendings = new Map<string, number>();

  send(from: string, send: Send, sentAt: number, fate: Letter["fate"]): void {
    const key = sendText(send);
    const link = `${from} ${key}`;
    const occurrence = this.#sendings.get(link) ?? 0;
    this.#sendings.set(link, occurrence + 1);
    const { to, relation, row } = send;
    const message = { from, to, relation, row, occurrence };
    const alike = this.#letters.get(key) ?? [];
    this.#letters.set(key, [...alike, { message, sentAt, fate, arrivals: [] }]);
  }

  /** One of those that were sent by then arrives at that time, or another of its `copies`; false when there is none. */
  deliver(send: Send, sentBy: number, at: number, copies: 1 | 2): boolean {
    const all = this.#letters.get(sendText(send)) ?? [];
    const alike = all.filter(({ sentAt, fate }) => sentAt <= sentBy && fate === "arrives");
    const fewest = Math.min(...alike.map(({ arrivals }) => arrivals.length));
    if (fewest >= copies) return false;
    alike.find(({ arrivals }) => arrivals.length === fewest)?.arrivals.push(at);
    return true;
  }

  /** Messages arrive when they are to, the others when all is over. */
  faults(end: number): readonly MessageFault[] {
    const all = [...this.#letters.values()].flat();
    return all.flatMap(({ message, sentAt, fate, arrivals }): readonly MessageFault[] => {
      if (fate === "lost") return [{ kind: "lose", message }];
      const [first = end + STEP, second] = arrivals;
      const by = first - DELAY - sentAt;
      const late: readonly MessageFault[] = by > 0 ? [{ kind: "delay", message, by }] : [];
      if (second === undefined) return late;
      return [...late, { kind: "duplicate", message, after: second - first }];
    });
  }
}
