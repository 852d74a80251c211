import { connect } from "../../workers/rpc.ts";
import type { WhyNot, WhyNotApi } from "../../workers/whyNotApi.ts";

/** Asks a worker of its own, which ends with the answer; `stop` ends it before. */
export function askWhyNot(code: string): {
  readonly answer: Promise<WhyNot | undefined>;
  readonly stop: () => void;
} {
  const worker = new Worker(new URL("../../workers/whyNot.worker.ts", import.meta.url), {
    type: "module",
    name: "why not",
  });
  const answer = connect<WhyNotApi>(worker)
    .call("whyNot", { code })
    .finally(() => worker.terminate());
  return { answer, stop: () => worker.terminate() };
}
