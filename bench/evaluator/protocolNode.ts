import { readFileSync } from "node:fs";
import { analyze } from "../../src/analysis/analyze.ts";
import type { AnalyzedProgram } from "../../src/analysis/analyzedProgram.ts";
import { compile } from "../../src/evaluator/compile.ts";
import { nodeEnvironment } from "../../src/evaluator/environment.ts";
import { factText } from "../../src/evaluator/evaluationError.ts";
import type { FunctionTable } from "../../src/evaluator/functions.ts";
import type { Fact, NodeEnvironment, Send } from "../../src/evaluator/nodeEngine.ts";
import { nodeCrypto } from "../../src/harness/nodeCrypto.ts";
import { readDeployment } from "../../src/plan/deploymentFile.ts";
import type { Deployment } from "../../src/program/deployment.ts";
import { read } from "../../src/syntax/read.ts";
import type { Figure } from "../report.ts";
import { contest, timed, type Contender } from "./contest.ts";

/** Takes what arrives, answers what it sends. */
export type ProtocolNode = (arrived: readonly Fact[]) => readonly Send[];

/** One node of an example, what its peers send to it, and the same node by hand. */
export interface NodeScript {
  readonly what: string;
  readonly example: Example;
  readonly component: string;
  readonly at: string;
  readonly commands: number;
  /** A new table each time: functions remember results. */
  readonly functions: () => FunctionTable;
  /** What happens before commands come, tick by tick. */
  readonly prelude: readonly (readonly Fact[])[];
  /** What arrives, tick by tick, for so many commands; `PER_TICK` of them come together. */
  readonly ticks: (commands: number) => readonly (readonly Fact[])[];
  /** Sends the same messages, except to itself, though perhaps some ticks earlier. */
  readonly byHand: (environment: NodeEnvironment) => ProtocolNode;
}

export interface Example {
  readonly program: AnalyzedProgram;
  readonly deployment: Deployment;
}

/** Commands that come in one tick. */
export const PER_TICK = 16;
const CHECKED_COMMANDS = 20 * PER_TICK;
/** Ticks after the last arrival, for messages to itself. */
const LIMIT =
  "Each of the 12 to 100 facts that a command derives passes a table, at half a microsecond (--profile=EXAMPLE); rules in a row would have to be one loop, and what is kept be changed in place.";
const LAST_TICKS = 10;
const GOAL = 0.3;

export function readExample(name: string): Example {
  const folder = new URL(`../../public/examples/${name}/`, import.meta.url);
  const text = (file: string): string => readFileSync(new URL(file, folder), "utf8");
  const found = readDeployment(JSON.parse(text("base.deployment.json")));
  if (found.kind !== "ok") throw new Error(JSON.stringify(found.problems));
  const { deployment } = found;
  return { program: analyze(read(text("base.ded")).program, deployment), deployment };
}

/** Commands a second of a node on one core, without network, beside the hand-written one. */
export async function protocolNode(script: NodeScript): Promise<Figure> {
  check(script);
  const ticks = [...script.ticks(script.commands), ...Array.from({ length: LAST_TICKS }, () => [])];
  const contender =
    (start: () => ProtocolNode): Contender =>
    () => {
      const node = start();
      runTicks(node, script.at, script.prelude, () => {});
      return timed(() => runTicks(node, script.at, ticks, () => {}));
    };
  const contenders = [contender(compiled(script)), contender(handWritten(script))];
  const [own, hand] = (await contest(contenders)) as [number, number];
  return {
    what: script.what,
    value: script.commands / own,
    unit: "commands/s",
    peer: "hand-written",
    peerValue: script.commands / hand,
    ratio: hand / own,
    goal: `>= ${GOAL}x`,
    met: hand / own >= GOAL,
    limit: LIMIT,
  };
}

export function environmentOf(
  script: Pick<NodeScript, "example" | "component" | "at" | "functions">,
): NodeEnvironment {
  const { program, deployment } = script.example;
  return nodeEnvironment(
    program,
    deployment,
    script.component,
    script.at,
    script.functions(),
    nodeCrypto,
  );
}

function compiled(script: NodeScript): () => ProtocolNode {
  const { start } = compile(script.example.program, script.component);
  return () => {
    const engine = start(environmentOf(script));
    return (arrived) => engine.tick(arrived).sends;
  };
}

function handWritten(script: NodeScript): () => ProtocolNode {
  return () => script.byHand(environmentOf(script));
}

/** Messages to itself arrive in its next tick. */
export function runTicks(
  node: ProtocolNode,
  self: string,
  ticks: readonly (readonly Fact[])[],
  visit: (send: Send) => void,
): void {
  let own: Fact[] = [];
  for (const arrived of ticks) {
    const sends = node(own.length === 0 ? arrived : [...arrived, ...own]);
    own = [];
    for (const send of sends) {
      if (send.to === self) own.push(send);
      else visit(send);
    }
  }
}

/** Both nodes must send the same, or the comparison is worth nothing. */
function check(script: NodeScript): void {
  const ticks = [
    ...script.prelude,
    ...script.ticks(CHECKED_COMMANDS),
    ...Array.from({ length: LAST_TICKS }, () => []),
  ];
  const sent = (node: ProtocolNode): readonly string[] => {
    const texts: string[] = [];
    runTicks(node, script.at, ticks, (send) => texts.push(`${factText(send)} to ${send.to}`));
    return texts.sort();
  };
  const [own, hand] = [sent(compiled(script)()), sent(handWritten(script)())];
  const at = own.findIndex((text, i) => text !== hand[i]);
  if (at < 0 && own.length === hand.length && own.length >= CHECKED_COMMANDS) return;
  throw new Error(
    `${script.what}: the nodes differ: ${own.length} and ${hand.length} messages, ${own[at]} and ${hand[at]}`,
  );
}
