import type { Results } from "./results.ts";

/**
 * The harness's HTTP interface, spoken by the app and served by `clew serve`, on loopback only.
 * Every call carries `Authorization: Bearer TOKEN`; the served page is given the token in `<meta name="clew-token">`.
 *
 * GET  /api/health            → Health
 * POST /api/runs  RunRequest  → 202 { id } | 400/409 ApiError
 * GET  /api/runs              → { runs: RunSummary[] } (this process's runs, newest first)
 * GET  /api/runs/:id          → RunSummary with results once there are any
 * GET  /api/runs/:id/events   → server-sent events, each `data:` one RunEvent; replays from the start, then follows
 * DELETE /api/runs/:id        → stops it; what was measured is kept
 */
export interface Health {
  readonly ok: true;
  readonly version: string;
  readonly cores: number;
}

export interface RunRequest {
  /** A plan document (plan.ts); checked whole before anything starts. */
  readonly plan: unknown;
  readonly target: "local";
  readonly clients: number;
  readonly warmupSeconds: number;
  readonly durationSeconds: number;
}

export type RunEvent =
  | { readonly kind: "starting"; readonly nodes: number }
  | { readonly kind: "warming"; readonly second: number; readonly of: number }
  /** One a second while measuring. */
  | {
      readonly kind: "second";
      readonly second: number;
      readonly of: number;
      readonly answered: number;
      readonly p50: number;
      readonly p99: number;
    }
  /** A node's process ended before it should: exit code or signal, and its last lines of output. */
  | {
      readonly kind: "node-lost";
      readonly address: string;
      readonly how: string;
      readonly output: string;
    }
  | { readonly kind: "finished"; readonly results: Results }
  /** `results` holds what was measured until then, if anything was. */
  | { readonly kind: "failed"; readonly message: string; readonly results?: Results }
  | { readonly kind: "stopped"; readonly results?: Results };

export interface RunSummary {
  readonly id: string;
  readonly planName: string;
  readonly startedAt: string;
  readonly clients: number;
  readonly state: "running" | "finished" | "failed" | "stopped";
  readonly last: RunEvent | undefined;
}

export interface ApiError {
  readonly error: string;
  /** JSON pointer into the request's body, when it is about that. */
  readonly pointer?: string;
}
