import type { ApiError, Health, RunEvent, RunRequest, RunSummary } from "../../plan/runApi.ts";

/** The harness said no, in a sentence. */
export class HarnessRefusal extends Error {}
/** No harness answers at this page's address: the app was opened without its server. */
export class NoHarness extends Error {}
/** A server answers that did not serve this page: it was started again. */
export class OtherHarness extends Error {}

function token(): string {
  return document.querySelector('meta[name="clew-token"]')?.getAttribute("content") ?? "";
}

async function call(path: string, init: RequestInit = {}): Promise<Response> {
  if (token() === "") throw new NoHarness("This page was opened without the local server.");
  let response: Response;
  try {
    response = await fetch(`/api${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token()}`, ...init.headers },
    });
  } catch {
    if (init.signal?.aborted === true) throw new DOMException("Cancelled.", "AbortError");
    throw new NoHarness("The local server does not answer.");
  }
  if (response.ok) return response;
  if (response.status === 401)
    throw new OtherHarness("The local server was started again since this page was opened.");
  const body = (await response.json().catch(() => ({ error: response.statusText }))) as ApiError;
  throw new HarnessRefusal(body.pointer ? `${body.error} (${body.pointer})` : body.error);
}

export async function health(signal: AbortSignal): Promise<Health> {
  const response = await call("/health", { signal });
  return (await response.json()) as Health;
}

/** Starts a run; answers its id. */
export async function startRun(request: RunRequest): Promise<string> {
  const response = await call("/runs", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  return ((await response.json()) as { readonly id: string }).id;
}

/** The run of this server that has not ended, whoever started it. */
export async function runUnderWay(signal: AbortSignal): Promise<RunSummary | undefined> {
  const response = await call("/runs", { signal });
  const { runs } = (await response.json()) as { readonly runs: readonly RunSummary[] };
  return runs.find((run) => run.state === "running");
}

/** Asks for it and waits for no answer: for a page that is about to go. */
export function stopRunWhilePageCloses(id: string): void {
  void call(`/runs/${id}`, { method: "DELETE", keepalive: true }).catch(() => undefined);
}

export async function stopRun(id: string): Promise<void> {
  await call(`/runs/${id}`, { method: "DELETE" });
}

/** A run's events from its start; ends when the run has ended. EventSource cannot send the token, so the stream is read here. */
export async function* runEvents(id: string): AsyncGenerator<RunEvent> {
  const response = await call(`/runs/${id}/events`);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new NoHarness("The local server went away during the run.");
    });
    if (done) return;
    text += value;
    const blocks = text.split("\n\n");
    text = blocks.pop()!;
    for (const block of blocks) {
      const data = block
        .split("\n")
        .filter((line) => line.startsWith("data:"))
        .map((line) => line.slice(5).trimStart())
        .join("\n");
      if (data !== "") yield JSON.parse(data) as RunEvent;
    }
  }
}
