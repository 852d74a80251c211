import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { CryptoProvider } from "../evaluator/cryptoProvider.ts";
import { nodeEnvironment, originalOf } from "../evaluator/environment.ts";
import { EvaluationError } from "../evaluator/evaluationError.ts";
import type { FunctionTable } from "../evaluator/functions.ts";
import type { Fact, Send } from "../evaluator/nodeEngine.ts";
import { INITIAL_STATE, referenceTick } from "../evaluator/reference.ts";
import type { NodeState, ReferenceTick } from "../evaluator/reference.ts";
import type { Deployment } from "../program/deployment.ts";
import type { ComponentName } from "../program/program.ts";
import { rowKey } from "../program/value.ts";
import { IntLists } from "./intLists.ts";
import { interned } from "./interned.ts";
import type { Interned } from "./interned.ts";

/** A fact that the environment may hand to the network once, at any moment. */
export interface Input extends Send {}

/**
 * A deployed program as a transition system. Node states, messages and outputs are small integers; what a node does in
 * a tick is computed once.
 */
export interface Machine {
  readonly nodes: readonly MachineNode[];
  readonly messages: Interned<Send>;
  /** The messages that each input becomes when the environment sends it. */
  readonly inputMessages: readonly (readonly number[])[];
  /** The state a node starts in. */
  initial(node: number): number;
  /** What a node in that state does when those messages enter together; undefined when it stops with a run-time error. */
  tick(node: number, state: number, arrived: readonly number[]): MachineTick | undefined;
  /** The node a message goes to. */
  destination(message: number): number;
  /** Whether a node may ever send something to another one. */
  maySend(from: number, to: number): boolean;
}

export interface MachineNode {
  readonly address: string;
  readonly original: string;
}

export interface MachineTick {
  readonly state: number;
  /** Messages to nodes, ascending. */
  readonly sends: readonly number[];
  /** Outputs to the environment, by their number in the table shared by both machines; ascending. */
  readonly outputs: readonly number[];
}

export interface MachineOptions {
  readonly inputs: readonly Input[];
  /** Components that belong to the environment: stateless senders of inputs; what reaches them is an output. */
  readonly environment: readonly ComponentName[];
  readonly functions: FunctionTable;
  readonly crypto: CryptoProvider;
  readonly outputs: Interned<Send>;
}

export function sendText({ to, relation, row }: Send): string {
  return `${to.length}:${to} ${relation}(${rowKey(row)}`;
}

export function machine(p: AnalyzedProgram, options: MachineOptions): Machine {
  const { deployment } = p;
  if (deployment === undefined) throw new Error("A program without a deployment has no nodes.");
  const { outputs } = options;
  const programs = nodePrograms(p, deployment, options);
  const own = programs.filter((n) => !options.environment.includes(n.component));
  const index = new Map(own.map(({ address }, i) => [address, i]));
  const messages = interned<Send>(sendText);
  const states = own.map(() => interned<NodeState>(stateText(p)));
  const destinations: number[] = [];
  const asked = own.map(() => new IntLists());
  const answers = own.map((): (MachineTick | undefined)[] => []);
  // A fact that no rule of the receiver reads changes nothing when it arrives.
  const isRead = ({ to, relation }: Send): boolean =>
    p.relations.get(relation)?.readBy.includes(own[index.get(to)!]!.component) ?? false;
  const numbers = (sends: readonly Send[]): readonly number[] =>
    sends
      .filter((send) => index.has(send.to) && isRead(send))
      .map((send) => messages.id(send))
      .sort((a, b) => a - b);
  const done = (node: number, state: number, arrived: readonly number[]) => {
    const facts = arrived.map((id): Fact => messages.value(id));
    const result = tickOrStop(own[node]!, states[node]!.value(state), facts);
    return (
      result && {
        state: states[node]!.id(result.state),
        sends: numbers(result.sends),
        outputs: result.sends
          .filter(({ to }) => !index.has(to))
          .map((send) => outputs.id(send))
          .sort((a, b) => a - b),
      }
    );
  };

  return {
    nodes: own,
    messages,
    initial: (node) => states[node]!.id(INITIAL_STATE),
    inputMessages: options.inputs.map((input) => numbers(handed(input, programs, options))),
    destination: (message) => (destinations[message] ??= index.get(messages.value(message).to)!),
    tick(node, state, arrived) {
      const question = asked[node]!.id([state, ...arrived]);
      const known = answers[node]!;
      if (!(question in known)) known[question] = done(node, state, arrived);
      return known[question];
    },
    maySend: (from, to) => mayTell(p, own[from]!.component, own[to]!.component),
  };
}

function mayTell(p: AnalyzedProgram, from: ComponentName, to: ComponentName): boolean {
  const rules = p.program.components.find(({ name }) => name === from)?.rules ?? [];
  return rules.some(
    ({ head }) =>
      head.timing.kind === "async" && p.relations.get(head.relation)?.readBy.includes(to) === true,
  );
}

interface NodeProgram extends MachineNode {
  readonly component: ComponentName;
  readonly tick: ReturnType<typeof referenceTick>;
}

function tickOrStop(
  node: NodeProgram,
  state: NodeState,
  facts: readonly Fact[],
): ReferenceTick | undefined {
  try {
    return node.tick(state, facts);
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

function nodePrograms(
  p: AnalyzedProgram,
  deployment: Deployment,
  { functions, crypto }: MachineOptions,
): readonly NodeProgram[] {
  return p.program.components.flatMap(({ name: component }) =>
    (deployment.instances[component] ?? []).map((address): NodeProgram => {
      const told = nodeEnvironment(p, deployment, component, address, functions, crypto);
      const original = originalOf(deployment, address);
      return { address, original, component, tick: referenceTick(p, component, told) };
    }),
  );
}

/** What is under way once the environment has sent an input: itself, or what a component of the environment makes of it. */
function handed(
  input: Input,
  programs: readonly NodeProgram[],
  { environment }: MachineOptions,
): readonly Send[] {
  const node = programs.find(({ address }) => address === input.to);
  if (node === undefined) throw new Error(`No node has the address ${input.to} of an input.`);
  if (!environment.includes(node.component)) return [input];
  const { sends } = node.tick(INITIAL_STATE, [input]);
  return sends.filter(({ to }) => {
    const receiver = programs.find(({ address }) => address === to);
    return receiver !== undefined && !environment.includes(receiver.component);
  });
}

/** The number of a tick is part of a node's state only where the program can read it. */
function stateText(p: AnalyzedProgram): (state: NodeState) => string {
  const counts = (p.relations.get("tick")?.readBy ?? []).length > 0;
  return ({ tick, carried }) => {
    const facts = [...carried]
      .filter(([, rows]) => rows.length > 0)
      .map(([relation, rows]) => `${relation}:${rows.map((row) => `(${rowKey(row)}`).join("")}`);
    return `${counts ? tick : ""};${facts.sort().join(";")}`;
  };
}
