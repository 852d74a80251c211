import { serve } from "./rpc.ts";
import type { Port } from "./rpc.ts";
import type { SimulationApi } from "./simulationApi.ts";
import { simulationHandlers } from "./simulationHandlers.ts";

// The DOM's types take every module for a page's; here `self` is the worker's own scope.
serve<SimulationApi>(self as unknown as Port, simulationHandlers);
