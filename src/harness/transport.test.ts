import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { Fact } from "../evaluator/nodeEngine.ts";
import { createTransport } from "./transport.ts";
import type { Transport } from "./transport.ts";
import type { WireSchema } from "./wire.ts";

const schema: WireSchema = { relations: [{ name: "r", arity: 2 }], addresses: ["a", "b"] };
const opened: { close(): void }[] = [];

afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

async function end(address: string, secret: string, facts: Fact[]): Promise<Transport> {
  const transport = await createTransport({
    address,
    secret,
    schema,
    receive: (arrived) => facts.push(...arrived),
    malformed: (from, message) => {
      throw new Error(`${from}: ${message}`);
    },
  });
  opened.push(transport);
  return transport;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Forwards connections to `port` and cuts each one after a while, in the middle of whatever it carries. */
async function cuttingProxy(
  port: number,
  cutAfterBytes: number,
): Promise<{ port: number; cuts: () => number }> {
  let cuts = 0;
  const server = createServer((incoming) => {
    let left = cutAfterBytes;
    const outgoing = connect(port, "127.0.0.1");
    outgoing.on("data", (chunk) => incoming.write(chunk));
    incoming.on("data", (chunk: Buffer) => {
      outgoing.write(chunk.subarray(0, left));
      left -= chunk.length;
      if (left > 0) return;
      cuts++;
      incoming.destroy();
      outgoing.end();
    });
    for (const socket of [incoming, outgoing]) socket.on("error", () => socket.destroy());
    incoming.on("close", () => outgoing.end());
    outgoing.on("close", () => incoming.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened.push(server);
  return { port: (server.address() as AddressInfo).port, cuts: () => cuts };
}

test("rows arrive once and in order, whatever the connection goes through", async () => {
  const facts: Fact[] = [];
  const a = await end("a", "secret", []);
  const b = await end("b", "secret", facts);
  const proxy = await cuttingProxy(b.port, 400_000);
  a.connect({ b: proxy.port });
  const total = 60_000;
  for (let i = 0; i < total; i++) {
    expect(a.send("b", "r", [i, "a payload of some length, to fill frames"])).toBe(true);
    if (i % 1000 === 0) {
      a.flush();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  a.flush();
  await until(() => facts.length >= total);
  expect(proxy.cuts()).toBeGreaterThan(2);
  expect(facts.map((f) => f.row[0])).toEqual(Array.from({ length: total }, (_, i) => i));
  expect(a.figures.rowsOut).toBe(total);
  expect(b.figures.rowsIn).toBe(total);
});

test("whoever does not know the run's secret is not heard", async () => {
  const facts: Fact[] = [];
  const stranger = await end("a", "guess", []);
  const known = await end("a", "secret", []);
  const b = await end("b", "secret", facts);
  stranger.connect({ b: b.port });
  known.connect({ b: b.port });
  stranger.send("b", "r", [1, "stranger"]);
  stranger.flush();
  await new Promise((resolve) => setTimeout(resolve, 50));
  known.send("b", "r", [2, "known"]);
  known.flush();
  await until(() => facts.length > 0);
  expect(facts).toEqual([{ relation: "r", row: [2, "known"] }]);
});

test("a send to an address outside the run is told, one to a lost peer is dropped", async () => {
  const a = await end("a", "secret", []);
  a.connect({ b: 1 });
  expect(a.send("nobody", "r", [1, 2])).toBe(false);
  a.forget("b");
  expect(a.send("b", "r", [1, 2])).toBe(true);
  a.flush();
  // Nothing is kept for it either: what a dead peer will never acknowledge would pile up.
  expect(a.figures.rowsOut).toBe(0);
});

test("what a process sends to itself arrives after a flush", async () => {
  const facts: Fact[] = [];
  const a = await end("a", "secret", facts);
  a.send("a", "r", [1, 2]);
  expect(facts).toEqual([]);
  a.flush();
  expect(facts).toEqual([{ relation: "r", row: [1, 2] }]);
});
