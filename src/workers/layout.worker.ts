import ELK from "elkjs/lib/elk-api.js";
import type { ElkNode } from "elkjs/lib/elk-api.js";
import { Worker as InThisThread } from "elkjs/lib/elk-worker.min.js";
import type { LayoutApi } from "./layoutApi.ts";
import { layoutGraph } from "./layoutGraph.ts";
import type { Port } from "./rpc.ts";
import { serve } from "./rpc.ts";

// elkjs runs in this very worker, warm between calls. Its script takes over `onmessage` when it finds itself in a worker;
// that is undone, and the stand-in for a worker that it brings along is used.
Object.assign(self, { onmessage: null });
const elk = new ELK({ workerFactory: () => new InThisThread(), algorithms: ["layered"] });

/** Components that did not change are not laid out again: what elkjs answered, by what it was asked. */
const answers = new Map<string, Promise<ElkNode>>();
const MOST_ANSWERS = 200;

function layOut(graph: ElkNode): Promise<ElkNode> {
  const question = JSON.stringify(graph);
  const answer = answers.get(question) ?? elk.layout(graph);
  answers.delete(question);
  answers.set(question, answer);
  const [oldest] = answers.keys();
  if (answers.size > MOST_ANSWERS && oldest !== undefined) answers.delete(oldest);
  return answer;
}

serve<LayoutApi>(self as unknown as Port, {
  layout: (request) => layoutGraph(request, layOut),
});
