import { deploymentSchema } from "./deploymentFile.ts";
import { hostsSchema } from "./hostsFile.ts";
import { jsonSchema } from "./jsonSchema.ts";
import type { JsonSchema } from "./jsonSchema.ts";
import { planSchema } from "./planFile.ts";
import { resultsSchema } from "./resultsFile.ts";
import { runRequestSchema } from "./runRequest.ts";
import { sweepSchema } from "./sweepFile.ts";

/** File name under `docs/schemas/` to its content. */
export const PUBLISHED_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  "deployment.json": jsonSchema("clew/deployment, version 1", deploymentSchema),
  "plan.json": jsonSchema("clew/plan, version 1", planSchema),
  "results.json": jsonSchema("clew/results, version 2", resultsSchema),
  "sweep.json": jsonSchema("clew/sweep, version 2", sweepSchema),
  "hosts.json": jsonSchema("clew/hosts, version 1", hostsSchema),
  "run-request.json": jsonSchema("Body of POST /api/runs", runRequestSchema),
};
