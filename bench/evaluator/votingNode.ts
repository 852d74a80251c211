import type { Send } from "../../src/evaluator/nodeEngine.ts";
import { address, type Value } from "../../src/program/value.ts";
import { fact, nameOf, namesOf, payload, realFunctions, pipelined } from "./peers.ts";
import { readExample, type NodeScript } from "./protocolNode.ts";

const PARTICIPANTS = ["participant.1", "participant.2", "participant.3"].map(address);

export const votingLeader: NodeScript = {
  what: "voting leader",
  example: readExample("voting"),
  component: "leader",
  at: "leader",
  commands: 50_000,
  functions: realFunctions,
  prelude: [[]],
  ticks: (commands) =>
    pipelined(commands, [
      (ids) => ids.map((id) => fact("in", id, payload(id))),
      (ids) => ids.flatMap((id) => PARTICIPANTS.map((p) => fact("vote", p, id))),
    ]),
  byHand(environment) {
    const participants = namesOf(environment, "participants");
    const [client] = namesOf(environment, "client");
    const open = new Map<Value, Set<string>>();
    return (arrived) => {
      const sends: Send[] = [];
      for (const { relation, row } of arrived) {
        if (relation === "in") {
          for (const to of participants) sends.push({ relation: "voteReq", row, to });
          continue;
        }
        const id = row[1]!;
        let voters = open.get(id);
        if (voters === undefined) open.set(id, (voters = new Set()));
        voters.add(nameOf(row[0]));
        if (voters.size < 3) continue;
        open.delete(id);
        sends.push({ relation: "reply", row: [id], to: client! });
      }
      return sends;
    };
  },
};
