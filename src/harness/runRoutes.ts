import { availableParallelism } from "node:os";
import type { ServerResponse } from "node:http";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { ApiError, Health, RunEvent } from "../plan/runApi.ts";
import { checkRunRequest } from "../plan/runRequest.ts";
import type { FileProblem } from "../plan/schema.ts";
import { readPlanFile } from "./readPlanFile.ts";
import type { Runs, ServedRun } from "./runs.ts";

/** Keeps proxies and browsers from closing a quiet stream. */
const HEARTBEAT_MS = 15_000;

interface ById {
  readonly Params: { readonly id: string };
}

/** The routes of runApi.ts. */
export function serveRunApi(server: FastifyInstance, runs: Runs, version: string): void {
  server.get("/api/health", (): Health => ({ ok: true, version, cores: availableParallelism() }));
  server.get("/api/runs", () => ({ runs: runs.list() }));
  server.post("/api/runs", (request, reply) => startRun(runs, request.body, reply));
  server.get<ById>("/api/runs/:id", (request, reply) =>
    withRun(runs, request.params.id, reply, (run) => run.summary()),
  );
  server.delete<ById>("/api/runs/:id", (request, reply) =>
    withRun(runs, request.params.id, reply, async (run) => {
      run.stop();
      await run.done;
      return run.summary();
    }),
  );
  server.get<ById>("/api/runs/:id/events", (request, reply) =>
    withRun(runs, request.params.id, reply, (run) => {
      reply.hijack();
      streamEvents(reply.raw, run);
      return reply;
    }),
  );
}

function startRun(runs: Runs, body: unknown, reply: FastifyReply): FastifyReply {
  const request = checkRunRequest(body);
  if (request.kind === "problems") return refuse(reply, 400, problemError(request.problems, ""));
  const { plan: planJson, clients, warmupSeconds, durationSeconds } = request.value;
  const plan = readPlanFile(planJson);
  if (plan.kind === "problems") return refuse(reply, 400, problemError(plan.problems, "/plan"));
  const other = runs.underWay();
  if (other !== undefined) {
    return refuse(reply, 409, {
      error: `A run of “${other.planName}” is under way on this machine; stop it or wait until it ends.`,
    });
  }
  const id = runs.start(plan.plan, { clients, warmupSeconds, durationSeconds });
  return reply.code(202).send({ id });
}

function withRun(
  runs: Runs,
  id: string,
  reply: FastifyReply,
  answer: (run: ServedRun) => unknown,
): unknown {
  const run = runs.find(id);
  if (run !== undefined) return answer(run);
  return refuse(reply, 404, { error: "There is no such run; the server may have been restarted." });
}

/** The first problem; the others often follow from it. */
function problemError(problems: readonly FileProblem[], prefix: string): ApiError {
  const [first, ...others] = problems;
  const pointer = `${prefix}${first?.pointer ?? ""}`;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return { error: `${first?.message ?? "The body is wrong."}${more}`, pointer };
}

function refuse(reply: FastifyReply, status: number, error: ApiError): FastifyReply {
  return reply.code(status).send(error);
}

/** Server-sent events: all so far, then each new one; the stream ends with the run. */
function streamEvents(response: ServerResponse, run: ServedRun): void {
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  const heartbeat = setInterval(() => response.write(":\n\n"), HEARTBEAT_MS);
  let unfollow = (): void => undefined;
  const finish = (): void => {
    clearInterval(heartbeat);
    unfollow();
    response.end();
  };
  const tell = (event: RunEvent): void => {
    response.write(`data: ${JSON.stringify(event)}\n\n`);
  };
  unfollow = run.follow(tell);
  response.on("close", finish);
  void run.done.then(finish);
}
