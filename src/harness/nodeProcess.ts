import type { NodeFigures } from "../plan/results.ts";
import { startClusterNode } from "./clusterNode.ts";
import { PortError } from "./incomingLinks.ts";
import type { LoadClient } from "./loadClient.ts";
import type { Assignment, FromProcess, ToProcess } from "./messages.ts";
import type { Transport } from "./transport.ts";

/**
 * The entry point of every process of a run: told by the driver over IPC what to be, and gone when the driver is,
 * however that ended.
 */
interface Running {
  readonly assignment: Assignment;
  readonly transport: Transport;
  connect(ports: Readonly<Record<string, number>>): void;
  readonly load?: LoadClient;
}

let running: Running | undefined;

process.on("disconnect", () => process.exit(0));
// The terminal's Ctrl+C reaches the whole group; the driver is the one to react, and its end is ours.
process.on("SIGINT", () => undefined);
process.on("uncaughtException", fail);
process.on("message", (message: ToProcess) => {
  receive(message).catch(fail);
});

async function receive(message: ToProcess): Promise<void> {
  switch (message.kind) {
    case "assign":
      running = await start(message.assignment);
      return say({ kind: "ready", port: running.transport.port });
    case "connect":
      return running?.connect(message.ports);
    case "forget":
      return running?.transport.forget(message.address);
    case "sample":
      if (running !== undefined) say({ kind: "sample", figures: figuresOf(running) });
      return;
    case "load":
      return running?.load?.run(message.warmupSeconds, message.durationSeconds);
    case "stop":
      return running?.load?.stop();
  }
}

async function start(assignment: Assignment): Promise<Running> {
  if (assignment.role === "load") {
    // Only one process of a run needs it.
    const { startLoadClient } = await import("./loadClient.ts");
    const load = await startLoadClient(assignment, say);
    return {
      assignment,
      transport: load.transport,
      load,
      connect: (p) => load.transport.connect(p),
    };
  }
  const node = await startClusterNode(assignment, {
    note: (message) => say({ kind: "note", message }),
    failed: fail,
  });
  return { assignment, transport: node.transport, connect: (ports) => node.connect(ports) };
}

function figuresOf({ assignment, transport }: Running): NodeFigures {
  const { user, system } = process.cpuUsage();
  return {
    component: assignment.role === "node" ? assignment.component : "",
    cpuSeconds: (user + system) / 1e6,
    sampledSeconds: process.uptime(),
    memoryBytes: process.memoryUsage.rss(),
    ...transport.figures,
  };
}

function say(message: FromProcess): void {
  if (process.connected) process.send?.(message);
}

/** The program's own errors are sentences; a bug of ours shows its stack in the output that the driver keeps. */
function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && error.name !== "EvaluationError" && !(error instanceof PortError))
    process.stderr.write(`${error.stack}\n`);
  if (!process.connected) process.exit(1);
  process.send?.({ kind: "fault", message } satisfies FromProcess, () => process.exit(1));
}
