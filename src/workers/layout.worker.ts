import ELK from "elkjs/lib/elk-api.js";
import { Worker as InThisThread } from "elkjs/lib/elk-worker.min.js";
import type { LayoutApi } from "./layoutApi.ts";
import { layoutGraph } from "./layoutGraph.ts";
import type { Port } from "./rpc.ts";
import { serve } from "./rpc.ts";

// elkjs runs in this very worker, warm between calls. Its script takes over `onmessage` when it finds itself in a worker;
// that is undone, and the stand-in for a worker that it brings along is used.
self.onmessage = null;
const elk = new ELK({ workerFactory: () => new InThisThread(), algorithms: ["layered"] });

serve<LayoutApi>(self as unknown as Port, {
  layout: (request) => layoutGraph(request, (graph) => elk.layout(graph)),
});
