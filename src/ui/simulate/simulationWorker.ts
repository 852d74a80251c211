import { connect } from "../../workers/rpc.ts";
import type { Client } from "../../workers/rpc.ts";
import type { SimulationApi } from "../../workers/simulationApi.ts";

let client: Client<SimulationApi> | undefined;

/** The simulation worker, started at first use; a worker that stopped is replaced. */
export function simulationWorker(): Client<SimulationApi> {
  if (client !== undefined) return client;
  const worker = new Worker(new URL("../../workers/simulation.worker.ts", import.meta.url), {
    type: "module",
    name: "simulation",
  });
  worker.addEventListener("error", () => {
    worker.terminate();
    client = undefined;
  });
  client = connect<SimulationApi>(worker);
  return client;
}
