import { connect } from "../../workers/rpc.ts";
import type { Client } from "../../workers/rpc.ts";
import { ALIKE } from "../../workers/workspaceApi.ts";
import type { WorkspaceApi } from "../../workers/workspaceApi.ts";

let client: Client<WorkspaceApi> | undefined;

/** The one workspace worker of the page, started at first use. */
export function workspace(): Client<WorkspaceApi> {
  if (client !== undefined) return client;
  const worker = new Worker(new URL("../../workers/workspace.worker.ts", import.meta.url), {
    type: "module",
    name: "workspace",
  });
  // A worker that stopped answers no more: the next call starts another.
  worker.addEventListener("error", () => {
    worker.terminate();
    client = undefined;
  });
  client = connect<WorkspaceApi>(worker, ALIKE);
  return client;
}
