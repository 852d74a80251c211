import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mayGenerateCode } from "../evaluator/mayGenerateCode.ts";
import type { FromProcess, ToProcess } from "./messages.ts";
import { processEntry } from "./processEntry.ts";

/** One process of a run, as the driver sees it. */
export interface RunProcess {
  readonly address: string;
  readonly pid: number | undefined;
  send(message: ToProcess): void;
  /** Ends it for good; resolves when it is gone. */
  end(): Promise<void>;
}

export interface ProcessEvents {
  readonly said: (message: FromProcess) => void;
  /** It ended without being told to: how, and the last lines it wrote. */
  readonly lost: (how: string, output: string) => void;
}

/** Kept of each process's output. */
const OUTPUT_BYTES = 4096;

/** Starts a process that lives no longer than this one: it ends when the IPC channel closes. */
export function startProcess(address: string, events: ProcessEvents): RunProcess {
  const child = fork(processEntry(), [], {
    serialization: "advanced",
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), "clew-compile-cache") },
    // The parent may have been started with flags that are its own, such as a test runner's.
    // A small young generation keeps a node's memory flat at no cost in throughput (measured on voting).
    // Whoever forbids this process to make code from text forbids it to the nodes.
    execArgv: [
      "--max-semi-space-size=4",
      ...(mayGenerateCode() ? [] : ["--disallow-code-generation-from-strings"]),
    ],
  });
  const output = lastOutput(child);
  let ending = false;
  let fault: string | undefined;
  const gone = new Promise<void>((resolve) => {
    child.once("error", (error) => {
      if (!ending) events.lost(error.message, output());
      ending = true;
      resolve();
    });
    child.once("close", (code, signal) => {
      if (!ending) events.lost(fault ?? ended(code, signal), output());
      ending = true;
      resolve();
    });
  });
  child.on("message", (message: FromProcess) => {
    if (message.kind === "fault") fault = message.message;
    else events.said(message);
  });
  return {
    address,
    pid: child.pid,
    send(message) {
      if (child.connected) child.send(message, () => undefined);
    },
    end() {
      ending = true;
      child.kill("SIGKILL");
      return gone;
    },
  };
}

function ended(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `ended with exit code ${code}` : `was ended by signal ${signal}`;
}

function lastOutput(child: ChildProcess): () => string {
  let kept = "";
  const keep = (chunk: Buffer): void => {
    kept = (kept + chunk.toString("utf8")).slice(-OUTPUT_BYTES);
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  return () => kept.trim();
}
