import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { nodeEnvironment, originalOf } from "../evaluator/environment.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import type { Fact, Send } from "../evaluator/nodeEngine.ts";
import { INITIAL_STATE, referenceTick } from "../evaluator/reference.ts";
import type { NodeState, ReferenceTick } from "../evaluator/reference.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { printValue } from "../program/printTerm.ts";
import { rowKey } from "../program/value.ts";
import type { Value } from "../program/value.ts";
import { outlivesCrash } from "../verifier/nodeCrashes.ts";
import type { Arrow, RecordedRun } from "./whyNotApi.ts";

/** A tick of one node, with what enters it; what is no input was sent before. */
export interface RecordedTick {
  readonly address: string;
  readonly arrived: readonly Fact[];
}

const functions = standardFunctions(nobleCrypto);
/** Idle ticks after which nothing new is expected any more. */
const MOST_IDLE = 20;

interface Pending {
  readonly send: Send;
  readonly from: number;
  readonly sentAt: number;
}

/** Runs a small deployed program tick by tick and writes down who sends what to whom. Facts that hold on are sent once. */
export class RunRecorder {
  readonly #lanes: readonly string[];
  readonly #nodes: readonly RecordedNode[];
  readonly #arrows: Arrow[] = [];
  readonly #ticks: (readonly number[])[] = [];
  readonly #crashes: RecordedRun["crashes"][number][] = [];
  readonly #program: AnalyzedProgram;
  #pending: readonly Pending[] = [];

  constructor(p: AnalyzedProgram, leftOut: readonly string[]) {
    const { deployment } = p;
    if (deployment === undefined) throw new Error("A program without a deployment has no nodes.");
    this.#program = p;
    this.#nodes = p.program.components.flatMap(({ name }) =>
      leftOut.includes(name)
        ? []
        : (deployment.instances[name] ?? []).map((at): RecordedNode => {
            const told = nodeEnvironment(p, deployment, name, at, functions, nobleCrypto);
            return {
              address: at,
              tick: referenceTick(p, name, told),
              state: INITIAL_STATE,
              holding: new Set(),
            };
          }),
    );
    this.#lanes = ["client", ...this.#nodes.map(({ address }) => address)];
  }

  /** What clients have been sent so far, each once. */
  get outputs(): readonly string[] {
    return [...new Set(this.#arrows.flatMap(({ to, text }) => (to === 0 ? [text] : [])))];
  }

  /** One moment: the nodes tick together. */
  step(ticks: readonly RecordedTick[]): void {
    const moment = this.#ticks.length;
    const lanes: number[] = [];
    const sends: Pending[] = [];
    for (const { address, arrived } of ticks) {
      const lane = this.#lanes.indexOf(address);
      lanes.push(lane);
      for (const fact of arrived) this.#arrive(fact, lane, moment);
      const node = this.#nodes[lane - 1]!;
      const { state, sends: made } = node.tick(node.state, arrived);
      node.state = state;
      for (const send of made) {
        if (!node.holding.has(sendKey(send))) sends.push({ send, from: lane, sentAt: moment });
      }
      node.holding = new Set(made.map(sendKey));
    }
    for (const pending of sends) {
      const isInside = this.#lanes.includes(pending.send.to);
      if (isInside) this.#pending = [...this.#pending, pending];
      else this.#arrows.push({ ...arrowOf(pending, 0), arrivedAt: moment + 0.8 });
    }
    this.#ticks.push(lanes);
  }

  /** One moment: all that the original node became crashes, loses those messages, and starts again. */
  crash(original: string, lost: readonly RecordedTick[]): void {
    const moment = this.#ticks.length;
    const lanes: number[] = [];
    for (const [i, node] of this.#nodes.entries()) {
      if (originalOf(this.#program.deployment!, node.address) !== original) continue;
      lanes.push(i + 1);
      const kept = [...node.state.carried].filter(([r]) => outlivesCrash(this.#program, r));
      node.state = { ...INITIAL_STATE, carried: new Map(kept) };
      node.holding = new Set();
    }
    for (const { address, arrived } of lost) {
      const lane = this.#lanes.indexOf(address);
      for (const fact of arrived) this.#arrive(fact, lane, moment, { lost: true });
    }
    this.#crashes.push({ moment, lanes });
    this.#ticks.push([]);
  }

  /** Delivers what is under way in the order of sending, one message a tick, and lets nodes tick until nothing is new. */
  drain(): void {
    let idle = 0;
    while (idle < MOST_IDLE) {
      const [first] = this.#pending;
      if (first !== undefined) {
        this.step([{ address: first.send.to, arrived: [first.send] }]);
        continue;
      }
      const changing = this.#nodes.find((node) => this.#isRestless(node));
      if (changing === undefined) return;
      this.step([{ address: changing.address, arrived: [] }]);
      idle++;
    }
  }

  run(): RecordedRun {
    const underWay = this.#pending.map((p) => arrowOf(p, this.#lanes.indexOf(p.send.to)));
    return {
      lanes: this.#lanes,
      moments: this.#ticks.length,
      arrows: [...this.#arrows, ...underWay],
      ticks: this.#ticks,
      crashes: this.#crashes,
    };
  }

  #arrive(fact: Fact, lane: number, moment: number, how: Pick<Arrow, "lost"> = {}): void {
    const key = rowKey(fact.row);
    const index = this.#pending.findIndex(
      ({ send }) =>
        send.to === this.#lanes[lane] &&
        send.relation === fact.relation &&
        rowKey(send.row) === key,
    );
    const sent = this.#pending[index];
    this.#pending = sent === undefined ? this.#pending : this.#pending.toSpliced(index, 1);
    // What nobody here sent comes from outside, just in time.
    const from = sent ?? { send: { ...fact, to: "" }, from: 0, sentAt: moment - 0.8 };
    this.#arrows.push({ ...arrowOf(from, lane), arrivedAt: moment, ...how });
  }

  #isRestless(node: RecordedNode): boolean {
    const { state, sends } = node.tick(node.state, []);
    return (
      stateKey(state) !== stateKey(node.state) ||
      sends.some((send) => !node.holding.has(sendKey(send)))
    );
  }
}

interface RecordedNode {
  readonly address: string;
  readonly tick: (state: NodeState, arrived: readonly Fact[]) => ReferenceTick;
  state: NodeState;
  /** What it sent in its last tick and, when it holds on, is sending still. */
  holding: ReadonlySet<string>;
}

function sendKey({ to, relation, row }: Send): string {
  return `${to.length}:${to} ${relation}(${rowKey(row)}`;
}

function stateKey({ carried }: NodeState): string {
  return [...carried]
    .filter(([, rows]) => rows.length > 0)
    .map(([relation, rows]) => `${relation} ${rows.map((row) => rowKey(row)).join(" ")}`)
    .sort()
    .join(";");
}

function arrowOf({ send, from, sentAt }: Pending, to: number): Arrow {
  return { text: factText(send), from, to, sentAt };
}

export function factText({ relation, row }: Pick<Fact, "relation" | "row">): string {
  return `${relation}(${row.map(shortValue).join(", ")})`;
}

function shortValue(value: Value): string {
  return typeof value === "object" && "kind" in value && value.kind === "address"
    ? value.name
    : printValue(value);
}
