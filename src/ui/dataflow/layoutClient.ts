import type { LayoutApi, LayoutRequest, LayoutResult } from "../../workers/layoutApi.ts";
import { connect } from "../../workers/rpc.ts";
import type { Client } from "../../workers/rpc.ts";

let running: { readonly worker: Worker; readonly client: Client<LayoutApi> } | undefined;

/** Asks the one layout worker, which is started at the first call and stays warm. */
export function layOut(request: LayoutRequest): Promise<LayoutResult> {
  if (running === undefined) {
    const worker = new Worker(new URL("../../workers/layout.worker.ts", import.meta.url), {
      type: "module",
    });
    running = { worker, client: connect<LayoutApi>(worker) };
  }
  return running.client.call("layout", request);
}

/** A layout cannot be interrupted: its worker ends, unanswered calls stay so, and the next call starts another. */
export function stopLayout(): void {
  running?.worker.terminate();
  running = undefined;
}
