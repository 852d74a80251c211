import type { RunRequest } from "./runApi.ts";
import { anything, checkJson, constant, integerFrom, object } from "./schema.ts";
import type { Checked } from "./schema.ts";

/** The schema of the body of `POST /api/runs`. */
export const runRequestSchema = object({
  plan: anything,
  target: constant("local"),
  clients: integerFrom(1, 10_000),
  warmupSeconds: integerFrom(0, 600),
  durationSeconds: integerFrom(1, 3600),
});

export function checkRunRequest(json: unknown): Checked<RunRequest> {
  const checked = checkJson(runRequestSchema, json);
  return checked;
}
