import { patched, patchOf } from "../program/patches.ts";
import type { Patch } from "../program/patches.ts";
import { joinParts, splitParts } from "./parts.ts";
import type { Part } from "./parts.ts";

/** One method of a worker: what it is asked, what it answers, what it says meanwhile. All of it plain data. */
export interface Call {
  readonly request: unknown;
  readonly response: unknown;
  /** `never` when it says nothing. */
  readonly progress: unknown;
}

/** An interface whose members are all `Call`s: `interface LayoutApi { layout: { request: …; response: …; progress: never } }`. */
export type Api<A> = { readonly [Method in keyof A]: Call };

/** A worker as the page sees it, the scope inside a worker, or a MessagePort that has been started. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: string, listener: (event: PortEvent) => void): void;
}
export interface PortEvent {
  readonly data?: unknown;
  /** Of an error event: the worker could not be loaded, or threw outside any call. */
  readonly message?: unknown;
}

export interface CallContext<C extends Call> {
  progress(value: C["progress"]): void;
  /** Aborted when the page cancels. Look at it after each `nextTurn()`; return what there is, or throw. */
  readonly signal: AbortSignal;
}

export type Handlers<A extends Api<A>> = {
  readonly [M in keyof A]: (
    request: A[M]["request"],
    context: CallContext<A[M]>,
  ) => A[M]["response"] | Promise<A[M]["response"]>;
};

export interface CallOptions<C extends Call> {
  readonly onProgress?: (value: C["progress"]) => void;
  /** Cancelling asks the handler to stop; the call then ends as the handler ends it. */
  readonly signal?: AbortSignal;
}

export interface Client<A extends Api<A>> {
  /** Rejects with an `Error` that carries the message of the handler's; with an "AbortError" when it was cancelled. */
  call<M extends keyof A & string>(
    method: M,
    request: A[M]["request"],
    options?: CallOptions<A[M]>,
  ): Promise<A[M]["response"]>;
}

type ToWorker =
  | {
      readonly rpc: "call";
      readonly id: number;
      readonly method: string;
      readonly request: unknown;
    }
  | { readonly rpc: "cancel"; readonly id: number };
type FromWorker =
  | { readonly rpc: "progress"; readonly id: number; readonly value: unknown }
  /** Of a large response, before it is done. */
  | { readonly rpc: "part"; readonly id: number; readonly part: Part }
  | { readonly rpc: "done"; readonly id: number; readonly response: unknown }
  | {
      readonly rpc: "failed";
      readonly id: number;
      readonly name: string;
      readonly message: string;
    };

/**
 * Methods whose answers are much like the one before: both sides keep the last one, and only what changed is sent. The
 * page gets what stays as the very object that it had.
 */
export type Alike<A> = readonly (keyof A & string)[];

/** Answers calls that arrive at `scope` (in a worker: `self`). Handlers may run interleaved. */
export function serve<A extends Api<A>>(
  scope: Port,
  handlers: Handlers<A>,
  alike: Alike<A> = [],
): void {
  const answered = new Map<string, unknown>();
  const remembers = (method: string): boolean => alike.some((each) => each === method);
  /** What is sent of an answer. */
  const told = (method: string, response: unknown): unknown => {
    if (!remembers(method)) return response;
    return answered.has(method)
      ? patchOf(answered.get(method), response)
      : { kind: "whole", value: response };
  };
  const running = new Map<number, AbortController>();
  const reply = (message: FromWorker): void => scope.postMessage(message, []);
  const run = async (call: Extract<ToWorker, { rpc: "call" }>): Promise<void> => {
    const { id, method } = call;
    const controller = new AbortController();
    running.set(id, controller);
    try {
      if (!Object.hasOwn(handlers, method))
        throw new Error(`The worker has no method "${method}".`);
      const response = await handlers[method as keyof A](call.request, {
        progress: (value) => reply({ rpc: "progress", id, value }),
        signal: controller.signal,
      });
      const { rest, parts } = splitParts(told(method, response));
      for (const part of parts) reply({ rpc: "part", id, part });
      reply({ rpc: "done", id, response: rest });
      // Only now the other side has it: what cannot be sent is nothing that it knows.
      if (remembers(method)) answered.set(method, response);
    } catch (error) {
      reply({ rpc: "failed", id, ...plainError(error) });
    } finally {
      running.delete(id);
    }
  };
  scope.addEventListener("message", (event) => {
    const message = event.data as ToWorker;
    if (message.rpc === "call") void run(message);
    else if (message.rpc === "cancel") running.get(message.id)?.abort();
  });
}

interface Pending {
  readonly method: string;
  readonly resolve: (response: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly progress: ((value: unknown) => void) | undefined;
  readonly parts: Part[];
}

/** The page's side of `serve`. One client a worker. */
export function connect<A extends Api<A>>(worker: Port, alike: Alike<A> = []): Client<A> {
  const answers = new Map<string, unknown>(alike.map((method) => [method, undefined]));
  const pending = new Map<number, Pending>();
  let calls = 0;
  const send = (message: ToWorker): void => worker.postMessage(message, []);
  worker.addEventListener("message", (event) =>
    receive(pending, answers, event.data as FromWorker),
  );
  worker.addEventListener("error", (event) => {
    const what = typeof event.message === "string" ? event.message : "it could not be loaded";
    for (const { reject } of pending.values()) reject(new Error(`The worker stopped: ${what}.`));
    pending.clear();
  });
  return {
    call(method, request, options = {}) {
      const { signal, onProgress } = options;
      if (signal?.aborted === true) return Promise.reject(cancelled());
      const id = ++calls;
      const onAbort = (): void => send({ rpc: "cancel", id });
      return new Promise<unknown>((resolve, reject) => {
        pending.set(id, { method, resolve, reject, progress: onProgress, parts: [] });
        signal?.addEventListener("abort", onAbort);
        send({ rpc: "call", id, method, request });
      }).finally(() => {
        pending.delete(id);
        signal?.removeEventListener("abort", onAbort);
      });
    },
  };
}

function receive(
  pending: ReadonlyMap<number, Pending>,
  answers: Map<string, unknown>,
  message: FromWorker,
): void {
  const call = pending.get(message.id);
  if (call === undefined) return;
  switch (message.rpc) {
    case "progress":
      return call.progress?.(message.value);
    case "done": {
      const told = joinParts(message.response, call.parts);
      if (!answers.has(call.method)) return call.resolve(told);
      const answer = patched(answers.get(call.method), told as Patch);
      answers.set(call.method, answer);
      return call.resolve(answer);
    }
    case "part":
      call.parts.push(message.part);
      return;
    case "failed":
      return call.reject(Object.assign(new Error(message.message), { name: message.name }));
  }
}

/** Lets waiting messages in (a cancel among them) without the 4 ms that nested timers cost. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined, []);
  });
}

/** What a handler throws when it has been cancelled and has nothing to return. */
export function cancelled(): Error {
  return Object.assign(new Error("The call was cancelled."), { name: "AbortError" });
}

function plainError(error: unknown): { readonly name: string; readonly message: string } {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: "Error", message: String(error) };
}
