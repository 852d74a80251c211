import { afterEach, expect, test } from "vitest";
import { cancelled, connect, nextTurn, serve } from "./rpc.ts";
import type { Client, Handlers, Port } from "./rpc.ts";

interface SumApi {
  sum: { request: readonly number[]; response: number; progress: { readonly done: number } };
  countUntilCancelled: { request: { readonly keep: boolean }; response: number; progress: number };
  fail: { request: string; response: never; progress: never };
}

const handlers: Handlers<SumApi> = {
  sum(numbers, { progress }) {
    numbers.forEach((_, index) => progress({ done: index + 1 }));
    return numbers.reduce((a, b) => a + b, 0);
  },
  async countUntilCancelled({ keep }, { progress, signal }) {
    let turns = 0;
    for (; !signal.aborted; turns++) {
      progress(turns);
      await nextTurn();
    }
    if (!keep) throw cancelled();
    return turns;
  },
  fail(message) {
    throw new RangeError(message);
  },
};

const open: MessagePort[] = [];
afterEach(() => open.splice(0).forEach((port) => port.close()));

function connected(): Client<SumApi> {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  port1.start();
  port2.start();
  serve<SumApi>(port1 as Port, handlers);
  return connect<SumApi>(port2 as Port);
}

test("a call is answered, with progress in order", async () => {
  const seen: number[] = [];
  const sum = await connected().call("sum", [1, 2, 3], {
    onProgress: ({ done }) => seen.push(done),
  });
  expect(sum).toBe(6);
  expect(seen).toEqual([1, 2, 3]);
});

test("calls that overlap get their own answers", async () => {
  const client = connected();
  const numbers = Array.from({ length: 20 }, (_, i) => i);
  const sums = await Promise.all(numbers.map((n) => client.call("sum", [n, 1])));
  expect(sums).toEqual(numbers.map((n) => n + 1));
});

interface ListApi {
  list: { request: number; response: { readonly lists: readonly number[][] }; progress: never };
}

test("a large answer comes in several messages, and overlapping ones are put together apart", async () => {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  port1.start();
  port2.start();
  const lists = (n: number): number[][] => [Array.from({ length: 1000 }, () => n), [n]];
  serve<ListApi>(port1 as Port, { list: (n) => ({ lists: lists(n) }) });
  const client = connect<ListApi>(port2 as Port);
  let messages = 0;
  port2.addEventListener("message", () => messages++);
  const answers = await Promise.all([1, 2].map((n) => client.call("list", n)));
  expect(answers).toEqual([1, 2].map((n) => ({ lists: lists(n) })));
  expect(messages).toBe(2 * (3 + 1));
});

test("a handler that is cancelled may return what it has", async () => {
  const controller = new AbortController();
  const turns = await connected().call(
    "countUntilCancelled",
    { keep: true },
    {
      signal: controller.signal,
      onProgress: (n) => n === 3 && controller.abort(),
    },
  );
  expect(turns).toBeGreaterThan(3);
});

test("a handler that is cancelled and throws gives an AbortError", async () => {
  const controller = new AbortController();
  const call = connected().call(
    "countUntilCancelled",
    { keep: false },
    {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    },
  );
  await expect(call).rejects.toMatchObject({ name: "AbortError" });
});

test("a call with a signal aborted beforehand never starts", async () => {
  const started: number[] = [];
  const call = connected().call(
    "countUntilCancelled",
    { keep: true },
    {
      signal: AbortSignal.abort(),
      onProgress: (n) => started.push(n),
    },
  );
  await expect(call).rejects.toMatchObject({ name: "AbortError" });
  expect(started).toEqual([]);
});

test("an error crosses with its name and message", async () => {
  const call = connected().call("fail", "no such relation");
  await expect(call).rejects.toMatchObject({ name: "RangeError", message: "no such relation" });
});

test("a method the worker does not have is an error, not silence", async () => {
  const client = connected() as unknown as Client<{
    gone: { request: null; response: null; progress: never };
  }>;
  await expect(client.call("gone", null)).rejects.toThrow('no method "gone"');
});

test("a worker that stops rejects what it was asked", async () => {
  const listeners = new Map<string, (event: { message?: unknown }) => void>();
  const client = connect<SumApi>({
    postMessage: () => undefined,
    addEventListener: (type, listener) => listeners.set(type, listener),
  });
  const call = client.call("sum", [1]);
  listeners.get("error")?.({ message: "out of memory" });
  await expect(call).rejects.toThrow("out of memory");
});

interface AlikeApi {
  page: {
    request: readonly number[];
    response: { readonly items: readonly { readonly n: number }[]; readonly of: object };
    progress: never;
  };
  other: { request: number; response: number; progress: never };
}

test("of answers that are alike only what changed is sent, and what stays is the same object", async () => {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  port1.start();
  port2.start();
  const sent: string[] = [];
  const counting: Port = {
    postMessage: (message, transfer) => {
      sent.push(JSON.stringify(message));
      port1.postMessage(message, transfer);
    },
    addEventListener: (type, listener) => port1.addEventListener(type, listener as EventListener),
  };
  const answers: Handlers<AlikeApi> = {
    page: (numbers) => {
      if (numbers.length === 0) throw new Error("nothing to show");
      return { items: numbers.map((n) => ({ n })), of: { text: "long".repeat(100) } };
    },
    other: (n) => n,
  };
  serve<AlikeApi>(counting, answers, ["page"]);
  const client = connect<AlikeApi>(port2 as Port, ["page"]);
  const first = await client.call("page", [1, 2, 3]);
  // Answers come in the order they are made in, whether anybody waits for them or not.
  const skipped = new AbortController();
  const second = client.call("page", [1, 5, 3], { signal: skipped.signal });
  skipped.abort();
  const failed = client.call("page", []).catch(() => undefined);
  const third = await client.call("page", [1, 5, 4]);
  expect(await client.call("other", 7)).toBe(7);
  await second;
  await failed;
  expect(third.items).toEqual([{ n: 1 }, { n: 5 }, { n: 4 }]);
  expect(third.items[0]).toBe(first.items[0]);
  expect(third.of).toBe(first.of);
  expect(sent.filter((message) => message.includes("long"))).toHaveLength(1);
});

interface ThingApi {
  thing: {
    request: number;
    response: { readonly n: number; readonly of: unknown };
    progress: never;
  };
}

test("an answer that cannot be sent is not what the next one is compared with", async () => {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  port1.start();
  port2.start();
  const things: Handlers<ThingApi> = {
    thing: (n) => ({ n: n % 10, of: n > 10 ? () => "a function" : "a text" }),
  };
  serve<ThingApi>(port1 as Port, things, ["thing"]);
  const client = connect<ThingApi>(port2 as Port, ["thing"]);
  await client.call("thing", 1);
  await expect(client.call("thing", 12)).rejects.toThrow("could not be cloned");
  expect(await client.call("thing", 2)).toEqual({ n: 2, of: "a text" });
});
