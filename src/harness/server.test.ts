import { mkdtempSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { RunEvent, RunSummary } from "../plan/runApi.ts";
import { examplePlan } from "./examplePlan.ts";
import { startServer } from "./server.ts";
import type { RunningServer } from "./server.ts";

const servers: RunningServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(port = 0): Promise<RunningServer> {
  const appDir = mkdtempSync(join(tmpdir(), "clew-app-"));
  writeFileSync(
    join(appDir, "index.html"),
    "<!doctype html><html><head></head><body></body></html>",
  );
  writeFileSync(join(appDir, "main.js"), "export {};");
  const server = await startServer({ port, host: "127.0.0.1", appDir, version: "0.0.0" });
  servers.push(server);
  return server;
}

interface Asked {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** Plain HTTP, so that Host and Origin are whatever the test says. */
function ask(server: RunningServer, asked: Asked) {
  const { port } = new URL(server.url);
  const body = asked.body === undefined ? undefined : JSON.stringify(asked.body);
  return new Promise<{ status: number; text: string; headers: NodeJS.Dict<string | string[]> }>(
    (resolve, reject) => {
      const sent = request(
        {
          host: "127.0.0.1",
          port,
          path: asked.path,
          method: asked.method ?? "GET",
          headers: {
            authorization: `Bearer ${server.token}`,
            ...(body === undefined ? {} : { "content-type": "application/json" }),
            ...asked.headers,
          },
        },
        (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
          response.on("end", () =>
            resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
          );
        },
      );
      sent.on("error", reject);
      sent.end(body);
    },
  );
}

function runRequest(changes: object = {}) {
  return {
    plan: examplePlan("voting/base").file,
    target: "local",
    clients: 4,
    warmupSeconds: 0,
    durationSeconds: 1,
    ...changes,
  };
}

test("the served page carries the token and a policy that allows nothing from elsewhere", async () => {
  const server = await serve();
  const page = await ask(server, { path: "/", headers: { authorization: "" } });
  expect(page.text).toContain(`<meta name="clew-token" content="${server.token}" />`);
  expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
  expect(page.headers["content-security-policy"]).not.toContain("http");
  expect((await ask(server, { path: "/main.js", headers: { authorization: "" } })).status).toBe(
    200,
  );
  expect((await ask(server, { path: "/../package.json" })).status).toBeGreaterThanOrEqual(400);
});

test("only workers that evaluate programs may make code", async () => {
  const server = await serve();
  const policy = async (path: string): Promise<unknown> =>
    (await ask(server, { path })).headers["content-security-policy"];
  expect(await policy("/assets/simulation.worker-BAeHjONO.js")).toContain("'unsafe-eval'");
  for (const path of [
    "/",
    "/main.js",
    "/assets/layout.worker-x.js",
    "/x?/assets/simulation.worker-x.js",
  ]) {
    expect(await policy(path)).not.toContain("unsafe-eval");
  }
});

test("a call without the right token is refused", async () => {
  const server = await serve();
  expect((await ask(server, { path: "/api/health" })).status).toBe(200);
  for (const authorization of ["", "Bearer wrong", `Bearer ${server.token}x`, server.token]) {
    const answer = await ask(server, { path: "/api/health", headers: { authorization } });
    expect([authorization, answer.status]).toEqual([authorization, 401]);
  }
  // The router decodes an address before it looks for its route.
  for (const path of ["/%61pi/health", "/api/%68ealth", "/%61%70%69/runs"]) {
    expect((await ask(server, { path, headers: { authorization: "" } })).status).toBe(401);
  }
  const noToken = { method: "POST", body: runRequest(), headers: { authorization: "" } };
  expect((await ask(server, { path: "/api/runs", ...noToken })).status).toBe(401);
});

test("pages of other sites and rebound names are refused, for the page too", async () => {
  const server = await serve();
  const { port, host } = new URL(server.url);
  const refused = [
    { origin: "https://example.com" },
    { origin: "null" },
    { origin: `https://${host}` },
    { host: `example.com:${port}` },
    { host: "127.0.0.1" },
    { host: `127.0.0.1:${Number(port) + 1}` },
  ];
  for (const headers of refused) {
    for (const path of ["/", "/api/health"]) {
      expect([headers, (await ask(server, { path, headers })).status]).toEqual([headers, 403]);
    }
  }
  const own = { origin: `http://localhost:${port}`, host: `localhost:${port}` };
  expect((await ask(server, { path: "/api/health", headers: own })).status).toBe(200);
});

test("a port in use, or a host that others can reach, is one clear sentence", async () => {
  const first = await serve();
  const port = Number(new URL(first.url).port);
  await expect(serve(port)).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use`);
  const open = { port: 0, host: "0.0.0.0", appDir: tmpdir(), version: "0" };
  await expect(startServer(open)).rejects.toThrow("listens on this machine only");
});

test("a malformed request names its place", async () => {
  const server = await serve();
  const plan = runRequest().plan;
  const wrong: readonly (readonly [unknown, string])[] = [
    [runRequest({ clients: 0 }), "/clients"],
    [runRequest({ target: "moon" }), "/target"],
    [runRequest({ extra: 1 }), "/extra"],
    [runRequest({ plan: { ...plan, version: 9 } }), "/plan/version"],
    [runRequest({ plan: { ...plan, nodes: plan.nodes.slice(1) } }), "/plan/nodes"],
    [runRequest({ plan: { ...plan, edb: { quorum: [[null]] } } }), "/plan/edb/quorum/0/0"],
    [runRequest({ plan: { ...plan, program: "component leader { a(x) :- }" } }), "/plan/program"],
  ];
  for (const [body, pointer] of wrong) {
    const answer = await ask(server, { path: "/api/runs", method: "POST", body });
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      400,
      { error: expect.stringMatching(/\.( \(and \d+ more\))?$/) as string, pointer },
    ]);
  }
  const notJson = { "content-type": "text/plain" };
  const answer = await ask(server, {
    path: "/api/runs",
    method: "POST",
    body: 1,
    headers: notJson,
  });
  expect(answer.status).toBe(415);
  const tooLong = { "content-length": String(17 * 1_048_576) };
  const refused = await ask(server, {
    path: "/api/runs",
    method: "POST",
    body: 1,
    headers: tooLong,
  });
  expect([refused.status, refused.text]).toEqual([413, expect.stringContaining("16 MB")]);
});

test("a run streams its events from the start, refuses a second one, and keeps its results", async () => {
  const server = await serve();
  const started = await ask(server, { path: "/api/runs", method: "POST", body: runRequest() });
  expect(started.status).toBe(202);
  const { id } = JSON.parse(started.text) as { id: string };
  const second = await ask(server, { path: "/api/runs", method: "POST", body: runRequest() });
  expect([second.status, second.text]).toEqual([409, expect.stringContaining("is under way")]);

  const stream = await ask(server, { path: `/api/runs/${id}/events` });
  const events = stream.text
    .split("\n\n")
    .filter((line) => line.startsWith("data: "))
    .map((line) => JSON.parse(line.slice(6)) as RunEvent);
  expect(events.map((e) => e.kind)).toEqual(["starting", "second", "finished"]);

  const summary = JSON.parse((await ask(server, { path: `/api/runs/${id}` })).text) as RunSummary;
  expect(summary.state).toBe("finished");
  if (summary.last?.kind !== "finished") throw new Error("no results were kept");
  expect(summary.last.results.answered).toBeGreaterThan(0);
  expect(summary.last.results.unanswered).toBe(0);
  const all = JSON.parse((await ask(server, { path: "/api/runs" })).text) as { runs: RunSummary[] };
  expect(all.runs.map((r) => r.id)).toEqual([id]);
}, 60_000);

test("a run can be stopped; what was measured is kept", async () => {
  const server = await serve();
  const body = runRequest({ durationSeconds: 600 });
  const started = await ask(server, { path: "/api/runs", method: "POST", body });
  const { id } = JSON.parse(started.text) as { id: string };
  let summary: RunSummary;
  do {
    summary = JSON.parse((await ask(server, { path: `/api/runs/${id}` })).text) as RunSummary;
  } while (summary.last?.kind !== "second");
  const stopped = await ask(server, { path: `/api/runs/${id}`, method: "DELETE" });
  const last = (JSON.parse(stopped.text) as RunSummary).last;
  if (last?.kind !== "stopped") throw new Error(`the run is ${last?.kind}`);
  expect(last.results?.answered).toBeGreaterThan(0);
  expect(last.results?.throughput.perSecond.length).toBeGreaterThan(0);
  expect(last.results?.unanswered).toBe(0);
  expect(last.results?.errors).toEqual([]);
}, 60_000);

test("an unknown run is said to be unknown", async () => {
  const server = await serve();
  for (const [path, method] of [
    ["/api/runs/x", "GET"],
    ["/api/runs/x", "DELETE"],
    ["/api/y", "GET"],
  ]) {
    expect((await ask(server, { path: path!, method: method! })).status).toBe(404);
  }
});
