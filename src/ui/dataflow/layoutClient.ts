import type { LayoutApi, LayoutRequest, LayoutResult } from "../../workers/layoutApi.ts";
import { connect } from "../../workers/rpc.ts";
import type { Client } from "../../workers/rpc.ts";

let running: { readonly worker: Worker; readonly client: Client<LayoutApi> } | undefined;
/** Layouts that are asked for and not answered, and what waits until there are none. */
const underWay = new Set<Promise<LayoutResult>>();
let waiting: (() => void)[] = [];

/** Starts the one layout worker, unless it runs: elkjs takes longer to load than most graphs take to lay out. */
export function startLayout(): Client<LayoutApi> {
  if (running === undefined) {
    const worker = new Worker(new URL("../../workers/layout.worker.ts", import.meta.url), {
      type: "module",
    });
    running = { worker, client: connect<LayoutApi>(worker) };
  }
  return running.client;
}

/** Asks the layout worker, which stays warm. */
export function layOut(request: LayoutRequest): Promise<LayoutResult> {
  const answer = startLayout().call("layout", request);
  const settle = (): void => {
    if (underWay.delete(answer)) release();
  };
  underWay.add(answer);
  answer.then(settle, settle);
  return answer;
}

/** Ends when no layout is under way: what nobody waits for leaves the processor to the picture. */
export async function afterLayout(): Promise<void> {
  if (underWay.size > 0) await new Promise<void>((resolve) => waiting.push(resolve));
}

function release(): void {
  if (underWay.size > 0) return;
  for (const resolve of waiting) resolve();
  waiting = [];
}

/** A layout cannot be interrupted: its worker ends, unanswered calls stay so, and the next call starts another. */
export function stopLayout(): void {
  running?.worker.terminate();
  running = undefined;
  underWay.clear();
  release();
}
