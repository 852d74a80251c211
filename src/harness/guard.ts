import { timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** Why a request is refused. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly error: string;
}

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];

/** Hosts that may be listened on: nothing but this machine can reach them. */
export const LOOPBACK_HOSTS: readonly string[] = ["127.0.0.1", "localhost", "::1"];

/**
 * A page of another site, or a name that resolves to this machine (DNS rebinding), gets nothing: the request must name
 * a loopback host, and come from a page of this very server if it comes from a page.
 */
export function refuseForeign(headers: IncomingHttpHeaders, port: number): Refusal | undefined {
  const hosts = LOOPBACK.flatMap((host) =>
    port === 80 ? [host, `${host}:80`] : [`${host}:${port}`],
  );
  const { host = "", origin } = headers;
  if (!hosts.includes(host)) {
    return { status: 403, error: `This server answers only to ${hosts[0]}, not to “${host}”.` };
  }
  if (origin !== undefined && !hosts.some((h) => origin === `http://${h}`)) {
    return { status: 403, error: `Pages of “${origin}” may not use this server.` };
  }
  return undefined;
}

export function refuseWithoutToken(
  headers: IncomingHttpHeaders,
  token: string,
): Refusal | undefined {
  const given = Buffer.from(headers.authorization ?? "");
  const known = Buffer.from(`Bearer ${token}`);
  if (given.length === known.length && timingSafeEqual(given, known)) return undefined;
  return {
    status: 401,
    error: "The request does not carry this server's token; reload the page it was served with.",
  };
}

/** Scripts of the workers that evaluate programs: they alone may make code, from texts without anything of the program's. */
const EVALUATING_WORKER = /^\/assets\/(simulation|verif\w+)\.worker[\w-]*\.js$/;

/**
 * What the answer to a request for this path carries. The app needs scripts of its own, workers, styles made at run time
 * (Mantine, Monaco) and nothing from elsewhere. A worker is bound by the policy that its own script came with.
 */
export function securityHeaders(path: string): Readonly<Record<string, string>> {
  const makesCode = EVALUATING_WORKER.test(path);
  return { ...HEADERS, "content-security-policy": makesCode ? policy("'unsafe-eval'") : policy() };
}

function policy(...scripts: readonly string[]): string {
  return [
    "default-src 'none'",
    ["script-src 'self'", ...scripts].join(" "),
    "worker-src 'self' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

const HEADERS: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};
