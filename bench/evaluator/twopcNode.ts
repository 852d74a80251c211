import type { Send } from "../../src/evaluator/nodeEngine.ts";
import { address, type Value } from "../../src/program/value.ts";
import { fact, nameOf, namesOf, payload, pipelined, realFunctions } from "./peers.ts";
import { readExample, type NodeScript } from "./protocolNode.ts";

const PARTICIPANTS = ["participant.1", "participant.2", "participant.3"].map(address);

/** One transaction of sixteen is refused. */
function isRefused(id: number): boolean {
  return id % 16 === 7;
}

interface Transaction {
  readonly yes: Set<string>;
  readonly acks: Set<string>;
  committed: boolean;
}

/** Nothing is late: the timers stay silent. */
export const coordinator: NodeScript = {
  what: "two-phase commit's coordinator",
  example: readExample("twopc"),
  component: "coordinator",
  at: "coordinator",
  commands: 30_000,
  functions: realFunctions,
  prelude: [[]],
  ticks: (commands) =>
    pipelined(commands, [
      (ids) => ids.map((id) => fact("in", id, payload(id))),
      () => [],
      (ids) =>
        ids.flatMap((id) =>
          PARTICIPANTS.map((p, i) => fact("vote", p, id, !(i === 2 && isRefused(id)))),
        ),
      () => [],
      (ids) =>
        ids.flatMap((id) => (isRefused(id) ? [] : PARTICIPANTS.map((p) => fact("ack", p, id)))),
    ]),
  byHand(environment) {
    const participants = namesOf(environment, "participants");
    const [client] = namesOf(environment, "client");
    const open = new Map<Value, Transaction>();
    return (arrived) => {
      const sends: Send[] = [];
      const tell = (relation: string, row: readonly Value[]): void => {
        for (const to of participants) sends.push({ relation, row, to });
      };
      const answer = (id: Value, outcome: string): void => {
        open.delete(id);
        sends.push({ relation: "reply", row: [id, outcome], to: client! });
      };
      for (const { relation, row } of arrived) {
        if (relation === "in") {
          open.set(row[0]!, { yes: new Set(), acks: new Set(), committed: false });
          tell("prepare", row);
          continue;
        }
        const id = row[1]!;
        const transaction = open.get(id);
        if (transaction === undefined) continue;
        if (relation === "ack") {
          transaction.acks.add(nameOf(row[0]));
          if (transaction.acks.size === participants.length) answer(id, "committed");
        } else if (row[2] === false) {
          tell("abort", [id]);
          answer(id, "aborted");
        } else {
          transaction.yes.add(nameOf(row[0]));
          if (transaction.yes.size < participants.length || transaction.committed) continue;
          transaction.committed = true;
          tell("commit", [id]);
        }
      }
      return sends;
    };
  },
};
