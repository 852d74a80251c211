import type { LayoutApi, LayoutRequest, LayoutResult } from "../../workers/layoutApi.ts";
import { connect } from "../../workers/rpc.ts";
import type { Client } from "../../workers/rpc.ts";

let client: Client<LayoutApi> | undefined;

/** Asks the one layout worker, which is started at the first call and stays warm. */
export function layOut(request: LayoutRequest): Promise<LayoutResult> {
  client ??= connect<LayoutApi>(
    new Worker(new URL("../../workers/layout.worker.ts", import.meta.url), { type: "module" }),
  );
  return client.call("layout", request);
}
