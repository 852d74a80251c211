import * as fc from "fast-check";
import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import { compile } from "../evaluator/compile.ts";
import type { Code } from "../evaluator/compile.ts";
import { EvaluationError, factText } from "../evaluator/evaluationError.ts";
import type { Fact, NodeEngine, Send } from "../evaluator/nodeEngine.ts";
import {
  ENVIRONMENT,
  holdsMuch,
  programOf,
  randomCase,
} from "../evaluator/randomComponent.testing.ts";
import { reference } from "../evaluator/reference.ts";
import { inEntryOrder, inFactOrder, inSendOrder } from "./order.ts";
import { recordedTicks } from "./recordedTrace.ts";
import { Recording } from "./recording.ts";
import { rowTick } from "./rowTick.ts";

/** What a node does in a schedule, a line for each tick. */
type Account = readonly string[];

test.each(["generated", "interpreted", "reference"] as const)(
  "random components record what the reference says of them (%s)",
  (how) => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { rules, schedule } = randomCase(seed);
        const p = analyze(programOf(rules));
        const told = byValues(reference(p, "c").start(ENVIRONMENT, { observe: true }), [
          ...p.relations.keys(),
        ])(schedule);
        const short = schedule.slice(0, told.length);
        expect(byRows(how === "reference" ? undefined : how, p)(short)).toEqual(told);
      }),
      { numRuns: 200 },
    );
  },
);

/** Through the values of an engine; ends early where a node holds much or the program errs. */
function byValues(engine: NodeEngine, relations: readonly string[]) {
  return (schedule: readonly (readonly Fact[])[]): Account => {
    const account: string[] = [];
    for (const arrived of schedule) {
      if (holdsMuch(engine, relations)) break;
      try {
        const { sends, standing, unsettled } = engine.tick(arrived);
        const { appeared, disappeared } = engine.change();
        account.push(line(inSendOrder(sends), standing, unsettled, appeared, disappeared));
      } catch (error) {
        if (!(error instanceof EvaluationError)) throw error;
        break;
      }
    }
    return account;
  };
}

/** Through the recording, out of which everything is read when the last tick has run. */
function byRows(code: Code | undefined, p: ReturnType<typeof analyze>) {
  return (schedule: readonly (readonly Fact[])[]): Account => {
    const recording = new Recording();
    const { ids, log } = recording;
    const runnable = code === undefined ? reference(p, "c") : compile(p, "c", { code });
    const engine = runnable.start(ENVIRONMENT, { observe: true, ids });
    const tick = rowTick(engine, ids, true);
    const reports = schedule.map((arrived, index) => {
      // Some come as messages, some as facts of timers do.
      const isMessage = (_: Fact, i: number): boolean => (i + index) % 3 !== 0;
      const entries = arrived
        .filter(isMessage)
        .map(({ relation, row }) => recording.sentEntry("me", relation, row));
      const others = arrived.filter((fact, i) => !isMessage(fact, i));
      const from = log.top;
      const { sendsFrom, standing, unsettled } = tick(log, entries, others);
      const end = log.top;
      recording.addTick(0, index + 1, 0, from, from, sendsFrom);
      const sends: number[] = [];
      for (let at = sendsFrom; at < end; at = log.after(at)) sends.push(at);
      const read = inEntryOrder(sends, recording).map((entry): Send => ({
        to: recording.placeName(recording.destination(entry)),
        relation: recording.relation(entry),
        row: recording.sentRow(entry),
      }));
      return { read, standing, unsettled };
    });
    return recordedTicks(recording).map(({ appeared, disappeared }, i) => {
      const { read, standing, unsettled } = reports[i]!;
      return line(read, standing, unsettled, appeared, disappeared);
    });
  };
}

function line(
  sends: readonly Send[],
  standing: number,
  unsettled: boolean,
  appeared: readonly Fact[],
  disappeared: readonly Fact[],
): string {
  const sent = sends.map((send) => `${factText(send)}@${send.to}`);
  const changes = [appeared, disappeared].map((facts) => inFactOrder(facts).map(factText).join());
  return [...sent, standing, unsettled, ...changes].join(" | ");
}
