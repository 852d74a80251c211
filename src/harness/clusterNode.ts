import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { channelUse } from "../analysis/channels.ts";
import { compile } from "../evaluator/compile.ts";
import { nodeEnvironment } from "../evaluator/environment.ts";
import type { Fact, Send } from "../evaluator/nodeEngine.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import type { ComponentName, RelationName } from "../program/program.ts";
import { standingSends } from "../simulator/standingSends.ts";
import type { StandingPolicy } from "../simulator/standingSends.ts";
import type { NodeAssignment } from "./messages.ts";
import { nodeCrypto } from "./nodeCrypto.ts";
import { startNodeLoop } from "./nodeLoop.ts";
import type { NodeLoop } from "./nodeLoop.ts";
import { startTimers } from "./nodeTimers.ts";
import { createTransport } from "./transport.ts";
import type { Transport } from "./transport.ts";
import { wireSchema } from "./wireSchema.ts";

/** One protocol node: its transport first, its ticks once it is connected. */
export interface ClusterNode {
  readonly transport: Transport;
  connect(ports: Readonly<Record<string, number>>): void;
}

export interface NodeReports {
  readonly note: (message: string) => void;
  readonly failed: (error: unknown) => void;
}

/** Compiles the component and listens; a component that cannot be compiled throws. */
export async function startClusterNode(
  assignment: NodeAssignment,
  reports: NodeReports,
): Promise<ClusterNode> {
  const { address, component, analyzed, secret } = assignment;
  const deployment = analyzed.deployment;
  if (deployment === undefined) throw new Error("a node was assigned a program without deployment");
  const note = once(reports.note);
  const environment = nodeEnvironment(
    analyzed,
    deployment,
    component,
    address,
    standardFunctions(nodeCrypto),
    nodeCrypto,
  );
  const engine = compile(analyzed, component).start(environment);
  const reads = relationsReadBy(analyzed, component);
  let loop: NodeLoop | undefined;
  /** What came in before the loop ran: others may connect first. */
  let early: Fact[] = [];

  const transport = await createTransport({
    address,
    port: assignment.port,
    secret,
    schema: wireSchema(analyzed),
    receive(facts) {
      const known = facts.every((f) => reads.has(f.relation))
        ? facts
        : facts.filter((f) => isRead(f, reads, component, address, note));
      if (loop === undefined) early.push(...known);
      else if (known.length > 0) loop.arrive(known);
    },
    malformed: (from, message) =>
      note(`“${address}” could not read what “${from}” sent: ${message}.`),
  });

  function send({ to, relation, row }: Send): void {
    if (transport.send(to, relation, row)) return;
    note(`“${address}” sent “${relation}” to “${to}”, where nothing runs; it was dropped.`);
  }

  return {
    transport,
    connect(ports) {
      transport.connect(ports);
      loop = startNodeLoop({
        engine,
        standing: standingSends(standingPolicies(analyzed, component)),
        send,
        flush: () => transport.flush(),
        failed: reports.failed,
      });
      loop.arrive(early);
      early = [];
      startTimers(analyzed, component, address, loop);
    },
  };
}

function isRead(
  fact: Fact,
  reads: ReadonlySet<RelationName>,
  component: ComponentName,
  address: string,
  note: (message: string) => void,
): boolean {
  if (reads.has(fact.relation)) return true;
  note(
    `“${fact.relation}” was sent to “${address}”, but component “${component}” does not read it; it was dropped.`,
  );
  return false;
}

function relationsReadBy(p: AnalyzedProgram, component: ComponentName): ReadonlySet<RelationName> {
  return new Set(
    [...p.relations.values()].filter((r) => r.readBy.includes(component)).map((r) => r.name),
  );
}

/** Links of one run lose nothing, so what no receiver counts need not be repeated (language.md section 3). */
function standingPolicies(
  p: AnalyzedProgram,
  component: ComponentName,
): ReadonlyMap<RelationName, StandingPolicy> {
  const channels = [...p.relations.values()].filter(
    (r) => r.kind === "chan" && r.derivedBy.includes(component),
  );
  return new Map(
    channels.map(({ name }) => [
      name,
      channelUse(p, name).kind === "counted" ? "coalesced" : "dropped",
    ]),
  );
}

/** The same words twice would be said thousands of times a second. */
function once(say: (message: string) => void): (message: string) => void {
  const said = new Set<string>();
  return (message) => {
    if (said.has(message) || said.size >= 20) return;
    said.add(message);
    say(message);
  };
}
