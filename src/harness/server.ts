import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import Fastify from "fastify";
import type { FastifyError, FastifyInstance, FastifyReply } from "fastify";
import type { ApiError } from "../plan/runApi.ts";
import { serveRunApi } from "./runRoutes.ts";
import { LOOPBACK_HOSTS, refuseForeign, refuseWithoutToken, securityHeaders } from "./guard.ts";
import { createRuns } from "./runs.ts";

export interface ServerOptions {
  /** 0 for any free one. */
  readonly port: number;
  /** A loopback host; anything else is refused. */
  readonly host: string;
  /** Where the built app is. */
  readonly appDir: string;
  readonly version: string;
}

export interface RunningServer {
  readonly url: string;
  /** What every API call must carry; the served page has it in `<meta name="clew-token">`. */
  readonly token: string;
  /** Ends the run under way, if any, and the server. */
  close(): Promise<void>;
}

/** Longest body: a plan with its program, derivation and EDB. */
const BODY_BYTES = 16 * 1_048_576;

/** Serves the app and the API of runApi.ts from one process, to this machine only. Rejects with a sentence. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  if (!LOOPBACK_HOSTS.includes(options.host)) {
    throw new Error(
      `The harness starts processes for whoever reaches it, so it listens on this machine only: ${LOOPBACK_HOSTS.join(", ")}, not “${options.host}”.`,
    );
  }
  const token = randomBytes(32).toString("base64url");
  const runs = createRuns();
  const server = Fastify({ bodyLimit: BODY_BYTES, forceCloseConnections: true });
  // JSON and nothing else: a form or plain text is what a page of another site could send.
  server.removeContentTypeParser("text/plain");
  server.addHook("onRequest", async (request, reply) => {
    reply.headers(securityHeaders(request.url.split("?", 1)[0]!));
    const port = (server.server.address() as AddressInfo | null)?.port ?? options.port;
    const refusal = refuseForeign(request.headers, port);
    if (refusal !== undefined) return sendError(reply, refusal.status, { error: refusal.error });
  });
  server.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) process.stderr.write(`${error.stack}\n`);
    return sendError(reply, status, { error: sentenceFor(error) });
  });
  server.setNotFoundHandler((request, reply) =>
    sendError(reply, 404, { error: `There is nothing at ${request.url}.` }),
  );
  serveApp(server, options.appDir, token);
  // Whatever is routed here needs the token, however its address was written (`/%61pi/…` is `/api/…`).
  server.register(async (api) => {
    api.addHook("onRequest", async (request, reply) => {
      const refusal = refuseWithoutToken(request.headers, token);
      if (refusal !== undefined) return sendError(reply, refusal.status, { error: refusal.error });
    });
    serveRunApi(api, runs, options.version);
  });
  await listen(server, options);
  const { port } = server.server.address() as AddressInfo;
  const shownHost = options.host === "::1" ? "[::1]" : options.host;
  return {
    url: `http://${shownHost}:${port}/`,
    token,
    async close() {
      await runs.close();
      await server.close();
    },
  };
}

function serveApp(server: FastifyInstance, appDir: string, token: string): void {
  server.register(fastifyStatic, { root: appDir, index: false });
  for (const path of ["/", "/index.html"]) {
    server.get(path, async (_request, reply) => {
      const page = await readFile(join(appDir, "index.html"), "utf8");
      const meta = `<meta name="clew-token" content="${token}" />`;
      return reply
        .type("text/html; charset=utf-8")
        .header("cache-control", "no-store")
        .send(page.replace(/<head[^>]*>/i, (head) => `${head}\n    ${meta}`));
    });
  }
}

async function listen(server: FastifyInstance, options: ServerOptions): Promise<void> {
  try {
    await server.listen({ port: options.port, host: options.host });
  } catch (error) {
    await server.close();
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE") {
      throw new Error(
        `Port ${options.port} on ${options.host} is in use; stop what uses it or choose another port.`,
        { cause: error },
      );
    }
    if (code === "EACCES") {
      throw new Error(
        `Port ${options.port} may not be used by this account; choose one above 1023.`,
        { cause: error },
      );
    }
    throw error;
  }
}

function sendError(reply: FastifyReply, status: number, error: ApiError): FastifyReply {
  return reply.code(status).send(error);
}

function sentenceFor(error: FastifyError): string {
  switch (error.code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return `The request's body is longer than ${BODY_BYTES / 1_048_576} MB.`;
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return "The request's body is not JSON.";
    case "FST_ERR_CTP_INVALID_JSON_BODY":
      return "The request's body is not JSON.";
    default:
      return error.message;
  }
}
