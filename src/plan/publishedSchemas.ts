import { deploymentSchema } from "./deploymentFile.ts";
import { jsonSchema } from "./jsonSchema.ts";
import type { JsonSchema } from "./jsonSchema.ts";
import { planSchema } from "./planFile.ts";
import { resultsSchema } from "./resultsFile.ts";
import { runRequestSchema } from "./runRequest.ts";

/** File name under `docs/schemas/` to its content. */
export const PUBLISHED_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  "deployment.json": jsonSchema("clew/deployment, version 1", deploymentSchema),
  "plan.json": jsonSchema("clew/plan, version 1", planSchema),
  "results.json": jsonSchema("clew/results, version 1", resultsSchema),
  "run-request.json": jsonSchema("Body of POST /api/runs", runRequestSchema),
};
