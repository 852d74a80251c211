import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { CryptoProvider } from "../evaluator/cryptoProvider.ts";
import { nodeEnvironment, originalOf } from "../evaluator/environment.ts";
import type { FunctionImplementation, FunctionTable } from "../evaluator/functions.ts";
import type { Fact, NodeEnvironment, Send } from "../evaluator/nodeEngine.ts";
import { plannedComponent } from "../evaluator/nodeTransitions.ts";
import type { PlannedComponent } from "../evaluator/nodeTransitions.ts";
import { INITIAL_STATE, referenceTick } from "../evaluator/reference.ts";
import { SharedIds } from "../evaluator/rowLog.ts";
import type { Deployment } from "../program/deployment.ts";
import type { ComponentName, RelationName } from "../program/program.ts";
import { rowKey } from "../program/value.ts";
import type { Address, Value } from "../program/value.ts";
import { FactTable } from "./factTable.ts";
import { IntLists } from "./intLists.ts";
import { interned } from "./interned.ts";
import type { Interned } from "./interned.ts";
import { crashOf, isForGood, outlivesCrash } from "./nodeCrashes.ts";
import { comparedTicks, incrementalTicks, referenceTicks } from "./nodeTicks.ts";
import type { NodeTicks, Numbering } from "./nodeTicks.ts";
import type { Renaming } from "./renaming.ts";

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
  /** For each input the nodes that crash, all at once: none unless it is a crash. */
  readonly crashing: readonly (readonly number[])[];
  /** For each input whether it is a crash after which the nodes stay down. */
  readonly forGood: readonly boolean[];
  /** The state of a node that is down and stays down: it does nothing, and whatever is sent to it is lost. */
  down(node: number): number;
  /** The state in which a node starts again after a crash: what it kept of durable relations (language.md, Declarations). */
  afterCrash(node: number, state: number): number;
  /** The state a node starts in. */
  initial(node: number): number;
  /** What a node in that state does when those messages enter together; undefined when it stops with a run-time error. */
  tick(node: number, state: number, arrived: readonly number[]): MachineTick | undefined;
  /** The node a message goes to. */
  destination(message: number): number;
  /** What a renaming makes of a fact that a node keeps. */
  renamedFact(fact: number, renaming: Renaming): number;
  /** A node's state with other facts: a state of the node `image`. */
  renamedState(node: number, state: number, image: number, fact: (fact: number) => number): number;
  /** Whether a node may ever send the same message. */
  mayRepeat(from: number, message: number): boolean;
  /** Whether a node may ever give that output. */
  mayShow(from: number, output: number): boolean;
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
  readonly ticks?: TickEvaluation;
}

/**
 * How ticks are computed. incremental: from what differs from the tick before, and one in so many by the reference
 * evaluator, too; compared: all by both; reference: by the reference evaluator alone.
 */
export type TickEvaluation = "incremental" | "compared" | "reference";

const SAMPLED = 256;

/** No node has ticked so often. */
const DOWN = [-1];

export function sendText({ to, relation, row }: Send): string {
  return `${to.length}:${to} ${relation}(${rowKey(row)}`;
}

export function machine(p: AnalyzedProgram, options: MachineOptions): Machine {
  const { deployment } = p;
  if (deployment === undefined) throw new Error("A program without a deployment has no nodes.");
  const programs = nodePrograms(p, deployment, options);
  const own = programs.filter((n) => !options.environment.includes(n.component));
  const index = new Map(own.map(({ address }, i) => [address, i]));
  const messages = interned<Send>(sendText);
  const destinations: number[] = [];
  // A fact that no rule of the receiver reads changes nothing when it arrives.
  const isRead = ({ to, relation }: Send): boolean =>
    p.relations.get(relation)?.readBy.includes(own[index.get(to)!]!.component) ?? false;
  const isMessage = (send: Send): boolean => index.has(send.to) && isRead(send);
  const numbers = (sends: readonly Send[]): readonly number[] =>
    ascending(sends.filter(isMessage).map((send) => messages.id(send)));
  const ids = new SharedIds();
  const numbering = { ids, facts: new FactTable(ids), sendings: new FactTable(ids) };
  const ticks = nodeTicks(p, own, numbering, options.ticks);
  /** The number of ticks, where the program can read it, and numbers of facts. */
  const states = own.map(() => new IntLists());
  const down = states.map((own) => own.id(DOWN));
  const counts = (p.relations.get("tick")?.readBy ?? []).length > 0;
  const sent = (sending: number): Sent => {
    const { relation, row } = numbering.sendings.fact(sending);
    const [to, ...rest] = row;
    const send = { to: (to as Address).name, relation, row: rest };
    if (!index.has(send.to)) return { output: options.outputs.id(send) };
    return isRead(send) ? { message: messages.id(send) } : {};
  };
  const known: Sent[] = [];
  const tickOf = (node: number, state: number, arrived: readonly number[]) => {
    const [number, ...carried] = states[node]!.array(state);
    const facts = arrived.map((id): Fact => messages.value(id));
    const done = ticks[node]!(number!, carried, facts);
    if (done === undefined) return undefined;
    const all = done.sent.map((sending) => (known[sending] ??= sent(sending)));
    return {
      state: states[node]!.id([counts ? number! + 1 : 0, ...done.carried]),
      sends: ascending(all.flatMap(({ message }) => message ?? [])),
      outputs: ascending(all.flatMap(({ output }) => output ?? [])),
    };
  };
  const derives = (node: number, relation: RelationName): boolean =>
    p.relations.get(relation)?.derivedBy.includes(own[node]!.component) === true;
  const asked = own.map(() => new IntLists());
  const answers = own.map((): (MachineTick | undefined)[] => []);

  return {
    nodes: own,
    messages,
    initial: (node) => states[node]!.id([0]),
    inputMessages: options.inputs.map((input) =>
      crashOf(input) === undefined ? numbers(handed(input, p, programs, options)) : [],
    ),
    crashing: options.inputs.map((input) =>
      [...own.keys()].filter((node) => own[node]!.original === crashOf(input)),
    ),
    forGood: options.inputs.map(isForGood),
    down: (node) => down[node]!,
    afterCrash(node, state) {
      if (state === down[node]) return state;
      const [, ...carried] = states[node]!.array(state);
      const kept = carried.filter((fact) => outlivesCrash(p, numbering.facts.relation(fact)));
      return states[node]!.id([0, ...kept]);
    },
    destination: (message) => (destinations[message] ??= index.get(messages.value(message).to)!),
    tick(node, state, arrived) {
      if (state === down[node]) return { state, sends: [], outputs: [] };
      const question = asked[node]!.id([state, ...arrived]);
      const answered = answers[node]!;
      if (!(question in answered)) answered[question] = tickOf(node, state, arrived);
      return answered[question];
    },
    renamedFact: (fact, { fact: renamed }) =>
      numbering.facts.id(renamed(numbering.facts.fact(fact))),
    renamedState(node, state, image, fact) {
      const [number, ...carried] = states[node]!.array(state);
      return states[image]!.id([number!, ...ascending(carried.map(fact))]);
    },
    mayRepeat: (from, message) => derives(from, messages.value(message).relation),
    mayShow: (from, output) => derives(from, options.outputs.value(output).relation),
    maySend: (from, to) => mayTell(p, own[from]!.component, own[to]!.component),
  };
}

/** What becomes of a fact that is sent; nothing when it goes to a node that does not read it. */
interface Sent {
  readonly message?: number;
  readonly output?: number;
}

function ascending(numbers: number[]): readonly number[] {
  return numbers.sort((a, b) => a - b);
}

function nodeTicks(
  p: AnalyzedProgram,
  nodes: readonly NodeProgram[],
  numbering: Numbering,
  evaluation: TickEvaluation = "incremental",
): readonly NodeTicks[] {
  const planned = new Map<ComponentName, PlannedComponent>();
  return nodes.map(({ component, environment }) => {
    const referee = referenceTicks(p, component, environment, numbering);
    if (evaluation === "reference") return referee;
    if (!planned.has(component)) planned.set(component, plannedComponent(p, component));
    const ticks = incrementalTicks(planned.get(component)!, environment, numbering);
    return comparedTicks(ticks, referee, evaluation === "compared" ? 1 : SAMPLED);
  });
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
  readonly environment: NodeEnvironment;
}

function nodePrograms(
  p: AnalyzedProgram,
  deployment: Deployment,
  { functions, crypto }: MachineOptions,
): readonly NodeProgram[] {
  const once = remembered(functions);
  return p.program.components.flatMap(({ name: component }) =>
    (deployment.instances[component] ?? []).map((address): NodeProgram => {
      const environment = nodeEnvironment(p, deployment, component, address, once, crypto);
      return { address, original: originalOf(deployment, address), component, environment };
    }),
  );
}

/** The same functions, which compute each value once: a signature takes longer than a tick. */
function remembered(functions: FunctionTable): FunctionTable {
  return new Map(
    [...functions].map(([name, compute]) => {
      const known = new Map<string, readonly Value[] | undefined>();
      const once: FunctionImplementation = (inputs) => {
        const key = rowKey(inputs);
        if (!known.has(key)) known.set(key, compute(inputs));
        return known.get(key);
      };
      return [name, once] as const;
    }),
  );
}

/** What is under way once the environment has sent an input: itself, or what a component of the environment makes of it. */
function handed(
  input: Input,
  p: AnalyzedProgram,
  programs: readonly NodeProgram[],
  { environment }: MachineOptions,
): readonly Send[] {
  const node = programs.find(({ address }) => address === input.to);
  if (node === undefined) throw new Error(`No node has the address ${input.to} of an input.`);
  if (!environment.includes(node.component)) return [input];
  const { sends } = referenceTick(p, node.component, node.environment)(INITIAL_STATE, [input]);
  return sends.filter(({ to }) => {
    const receiver = programs.find(({ address }) => address === to);
    return receiver !== undefined && !environment.includes(receiver.component);
  });
}
