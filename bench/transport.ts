// npm run bench -- transport: rows a second and round trips between two harness processes on loopback.
import { fork } from "node:child_process";
import { planOf } from "../src/harness/examplePlan.ts";
import type { FromProcess, ToProcess } from "../src/harness/messages.ts";
import { processEntry } from "../src/harness/processEntry.ts";
import { createTransport } from "../src/harness/transport.ts";
import type { Transport } from "../src/harness/transport.ts";
import { wireSchema } from "../src/harness/wireSchema.ts";
import type { Fact } from "../src/evaluator/nodeEngine.ts";
import type { Plan } from "../src/plan/plan.ts";
import { bytes } from "../src/program/value.ts";
import type { Row } from "../src/program/value.ts";
import { quantile, report } from "./report.ts";
import type { Figure } from "./report.ts";

const SECRET = "bench";
const REPEATS = 5;
const BATCH = 64;
const IN_FLIGHT = 4096;

/** The participant of voting: one row in, one row out. The other process is this one, in place of the leader. */
const plan: Plan = planOf(
  "transport",
  `component participant { vote(l, id)@async(d) :- voteReq(id, x), leader(d), self(l) }
component leader { voteReq(id, x)@async(p) :- in(id, x), participants(p)
  reply(id)@async(c) :- vote(s, id), client(c) }`,
  {
    format: "clew/deployment",
    version: 1,
    instances: { leader: ["leader"], participant: ["participant"] },
    edb: {
      participants: [[{ addr: "participant" }]],
      leader: [[{ addr: "leader" }]],
      client: [[{ addr: "client" }]],
    },
    clients: {
      address: "client",
      input: "in",
      answers: ["reply"],
      payloadBytes: 16,
      match: { reply: { id: "id" } },
      template: { id: { kind: "unique" }, x: { kind: "payload" } },
    },
    seed: 1,
  },
);

interface Peer {
  readonly transport: Transport;
  /** Called with each batch of rows that comes back. */
  onRows: (facts: readonly Fact[]) => void;
  close(): void;
}

/** This process as `leader`, linked with a process that is `participant`: a node of the plan, or a raw counter. */
async function connectTo(raw: boolean): Promise<Peer> {
  const peer: Peer = {
    transport: await createTransport({
      address: "leader",
      secret: SECRET,
      schema: wireSchema(plan.analyzed),
      receive: (facts) => peer.onRows(facts),
      malformed: (from, message) => {
        throw new Error(`${from}: ${message}`);
      },
    }),
    onRows: () => undefined,
    close: () => undefined,
  };
  const entry = raw ? new URL("transport/rawPeer.ts", import.meta.url).pathname : processEntry();
  const child = fork(entry, [], { serialization: "advanced", execArgv: [] });
  const send = (message: ToProcess) => child.send(message);
  const ready = new Promise<number>((resolve) => {
    child.on("message", (message: FromProcess) => {
      if (message.kind === "ready") resolve(message.port);
      if (message.kind === "fault") throw new Error(message.message);
    });
  });
  send({
    kind: "assign",
    assignment: {
      role: "node",
      port: 0,
      address: "participant",
      component: "participant",
      analyzed: plan.analyzed,
      secret: SECRET,
    } as const,
  });
  const participant = await ready;
  send({ kind: "connect", ports: { leader: peer.transport.port } });
  peer.transport.connect({ participant });
  return {
    ...peer,
    get onRows() {
      return peer.onRows;
    },
    set onRows(listener) {
      peer.onRows = listener;
    },
    close() {
      child.disconnect();
      child.kill();
      peer.transport.close();
    },
  };
}

const PAYLOAD = bytes("00112233445566778899aabbccddeeff");

function request(id: number): Row {
  return [id, PAYLOAD];
}

/** Rows a second there, each answered by one row back, `IN_FLIGHT` under way. */
async function throughput(peer: Peer, rows: number): Promise<number> {
  let sent = 0;
  let back = 0;
  const { transport } = peer;
  const fill = (): void => {
    while (sent < rows && sent - back < IN_FLIGHT) {
      for (let i = 0; i < BATCH && sent < rows; i++) {
        transport.send("participant", "voteReq", request(sent++));
      }
    }
    transport.flush();
  };
  const start = performance.now();
  await new Promise<void>((resolve) => {
    peer.onRows = (facts) => {
      back += facts.length;
      if (back >= rows) resolve();
      else fill();
    };
    fill();
  });
  return rows / ((performance.now() - start) / 1000);
}

/** Rows a second one way: the raw peer counts and answers once, after the last. */
async function oneWay(peer: Peer, rows: number): Promise<number> {
  const { transport } = peer;
  const start = performance.now();
  await new Promise<void>((resolve) => {
    peer.onRows = () => resolve();
    let sent = 0;
    const more = (): void => {
      for (let i = 0; i < 16 * BATCH && sent < rows; i++, sent++) {
        transport.send("participant", "voteReq", request(sent === rows - 1 ? -1 : sent));
      }
      transport.flush();
      if (sent < rows) setImmediate(more);
    };
    more();
  });
  return rows / ((performance.now() - start) / 1000);
}

/** Microseconds there and back, one row at a time. */
async function roundTrips(peer: Peer, count: number): Promise<number[]> {
  const samples: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await new Promise<void>((resolve) => {
      peer.onRows = () => resolve();
      peer.transport.send("participant", "voteReq", request(10_000_000 + i));
      peer.transport.flush();
    });
    samples.push(1000 * (performance.now() - start));
  }
  return samples;
}

async function median(measure: () => Promise<number>): Promise<number> {
  await measure();
  const values: number[] = [];
  for (let i = 0; i < REPEATS; i++) values.push(await measure());
  return quantile(values, 0.5);
}

function figure(what: string, value: number, unit: string, goal: number, atMost = false): Figure {
  const met = atMost ? value <= goal : value >= goal;
  return { what, value, unit, goal: `${atMost ? "≤" : "≥"} ${goal.toLocaleString("en")}`, met };
}

const node = await connectTo(false);
const evaluated = await median(() => throughput(node, 400_000));
const trips = await roundTrips(node, 3000);
node.close();
const raw = await connectTo(true);
const batched = await median(() => oneWay(raw, 1_000_000));
raw.close();

report("transport", 1, [
  figure("rows between two processes, raw, batched", batched, "rows/s", 1_000_000),
  figure("rows there with evaluation, each answered by one", evaluated, "rows/s", 200_000),
  figure("round trip with evaluation, p50", quantile(trips, 0.5), "µs", 200, true),
]);
