import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { nodeEnvironment, originalOf } from "../evaluator/environment.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import type { Send } from "../evaluator/nodeEngine.ts";
import { INITIAL_STATE, referenceTick } from "../evaluator/reference.ts";
import type { NodeState } from "../evaluator/reference.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { rowKey } from "../program/value.ts";
import type { Input } from "./machine.ts";
import { sendText } from "./machine.ts";

const functions = standardFunctions(nobleCrypto);
const ROUNDS = 40;

/** What a program keeps when it has come to rest, and whether messages of siblings that come again do anything. */
export type Rest =
  | { readonly kind: "restless" }
  /** Facts that the nodes keep, all together. */
  | { readonly kind: "rests"; readonly kept: number; readonly duplicatesShow: boolean };

/**
 * The memory check of rewrites.md section 10: guards that only collect, or that only duplicated messages pass, show in no
 * history. The inputs come one after the other, everything that is under way enters the next tick; after that every
 * message between siblings that the original does not know comes once more, alone.
 */
export function restOf(
  p: AnalyzedProgram,
  inputs: readonly Input[],
  original: AnalyzedProgram,
): Rest {
  const run = new Run(p, original);
  for (const input of inputs) {
    run.send([input]);
    if (!run.rests()) return { kind: "restless" };
  }
  const [before, kept] = [run.text(), run.kept()];
  for (const message of run.between()) {
    run.send([message]);
    if (!run.rests()) return { kind: "restless" };
    if (run.text() !== before) return { kind: "rests", kept, duplicatesShow: true };
  }
  return { kind: "rests", kept, duplicatesShow: false };
}

class Run {
  readonly #nodes: ReadonlyMap<string, RunningNode>;
  readonly #outputs = new Set<string>();
  readonly #between = new Map<string, Send>();
  #flight: readonly Send[] = [];

  readonly #original: AnalyzedProgram;

  constructor(p: AnalyzedProgram, original: AnalyzedProgram) {
    this.#original = original;
    const deployment = p.deployment!;
    this.#nodes = new Map(
      p.program.components.flatMap(({ name }) =>
        deployment.instances[name]!.map((at): [string, RunningNode] => {
          const told = nodeEnvironment(p, deployment, name, at, functions, nobleCrypto);
          const tick = referenceTick(p, name, told);
          return [at, { original: originalOf(deployment, at), tick, state: INITIAL_STATE }];
        }),
      ),
    );
  }

  send(messages: readonly Send[]): void {
    this.#flight = [...this.#flight, ...messages];
  }

  /** Each message between siblings so far that the original does not know. */
  between(): readonly Send[] {
    return [...this.#between.values()];
  }

  /** Ticks until nothing is under way and no state changes. */
  rests(): boolean {
    for (let round = 0; round < ROUNDS; round++) {
      const before = this.text();
      this.#tickAll();
      if (this.#flight.length === 0 && this.text() === before) return true;
    }
    return false;
  }

  #tickAll(): void {
    const arrived = this.#flight;
    const sent: Send[] = [];
    for (const [at, node] of this.#nodes) {
      const own = arrived.filter(({ to }) => to === at);
      const { state, sends } = node.tick(node.state, own);
      node.state = state;
      for (const send of sends) {
        const receiver = this.#nodes.get(send.to);
        if (receiver === undefined) this.#outputs.add(sendText(send));
        else sent.push(send);
        const isSibling = receiver?.original === node.original && send.to !== at;
        if (isSibling && !this.#original.relations.has(send.relation))
          this.#between.set(sendText(send), send);
      }
    }
    this.#flight = sent;
  }

  kept(): number {
    return this.#facts().length;
  }

  text(): string {
    return [...this.#facts().sort(), ...this.#outputs].join("\n");
  }

  #facts(): string[] {
    return [...this.#nodes].flatMap(([at, { state }]) =>
      [...state.carried].flatMap(([relation, rows]) =>
        rows.map((row) => `${at} ${relation} ${rowKey(row)}`),
      ),
    );
  }
}

interface RunningNode {
  readonly original: string;
  readonly tick: ReturnType<typeof referenceTick>;
  state: NodeState;
}
