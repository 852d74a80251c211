import { headerProblem } from "./header.ts";
import type { Results } from "./results.ts";
import {
  arrayOf,
  checkJson,
  constant,
  either,
  integerFrom,
  name,
  numberFrom,
  object,
  objectWith,
  recordOf,
  text,
} from "./schema.ts";
import type { Checked } from "./schema.ts";

const count = integerFrom(0);
const amount = numberFrom(0);

/** The schema of `clew/results`, version 2; version 1 lacks what is optional here (files.md, Results). */
export const resultsSchema = objectWith(
  {
    format: constant("clew/results"),
    version: either(constant(1), constant(2)),
    plan: object({ sha256: name, name }),
    machine: object({ cpu: text, cores: count, memoryBytes: amount, os: text }),
    versions: object({ clew: text, node: text }),
    seed: count,
    clients: count,
    warmupSeconds: amount,
    durationSeconds: amount,
    throughput: object({ mean: amount, perSecond: arrayOf(amount) }),
    latencyMs: object({ p50: amount, p90: amount, p99: amount, p999: amount, max: amount }),
    sent: count,
    answered: count,
    unanswered: count,
    duplicates: count,
    errors: arrayOf(text),
    nodes: recordOf(
      objectWith(
        {
          component: text,
          cpuSeconds: amount,
          memoryBytes: amount,
          messagesIn: count,
          messagesOut: count,
          rowsIn: count,
          rowsOut: count,
        },
        { sampledSeconds: amount },
      ),
    ),
    histogram: text,
  },
  { clientsCpuSeconds: amount, machineBusy: amount },
);

/** Reads a parsed results file. */
export function readResults(json: unknown): Checked<Results> {
  const header = headerProblem(json, "results", 2);
  if (header !== undefined) return { kind: "problems", problems: [header] };
  const checked = checkJson(resultsSchema, json);
  return checked;
}
