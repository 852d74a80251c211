import type { Fact, Send } from "../../src/evaluator/nodeEngine.ts";
import { address, type Row, type Value } from "../../src/program/value.ts";
import { fact, nameOf, namesOf, payload, pipelined, realFunctions } from "./peers.ts";
import { PER_TICK, readExample, type NodeScript } from "./protocolNode.ts";

const ACCEPTORS = ["acceptor.1", "acceptor.2", "acceptor.3"].map(address);
const REPLICAS = ["replica.1", "replica.2", "replica.3"].map(address);
const PROPOSER = address("proposer.1");
const BALLOT = 2;
/** Replicas say once in so many ticks how far they are. */
const REPORT_EVERY = 8;
const KEYS = ["a", "b", "c", "d"];
/** An acceptor's answer to a new leader comes in so many. */
const PAGES = [0, 1, 2, 3, 4, 5];

export const example = readExample("paxos");

function command(id: number): Row {
  return [id, id % 2 === 0 ? "put" : "get", KEYS[id % 4]!, payload(id)];
}

/** Replicas say that all slots of the batches before this one are executed everywhere. */
function pruned(batch: number): readonly Fact[] {
  return batch % REPORT_EVERY !== 0 ? [] : [fact("prune", batch * PER_TICK)];
}

/** All slots of the batches before this one. */
function reports(batch: number): readonly Fact[] {
  if (batch % REPORT_EVERY !== 0) return [];
  return REPLICAS.map((r) => fact("progress", r, batch * PER_TICK));
}

/** It was elected before; commands take the slots of their ids. The third acceptor votes a tick later. */
export const proposer: NodeScript = {
  what: "Multi-Paxos's proposer",
  example,
  component: "proposer",
  at: "proposer.1",
  commands: 20_000,
  functions: realFunctions,
  prelude: [
    [],
    [fact("watchdog")],
    [],
    ACCEPTORS.flatMap((a) => PAGES.map((k) => fact("p1b", a, BALLOT, BALLOT, 0, k, 0))),
    [],
  ],
  ticks: (commands) => {
    const votes = (ids: readonly number[], from: readonly Value[]): readonly Fact[] =>
      ids.flatMap((id) => from.map((a) => fact("p2b", a, BALLOT, id, BALLOT, command(id))));
    return pipelined(commands, [
      (ids) => ids.map((id) => fact("in", ...command(id))),
      (ids) => votes(ids, ACCEPTORS.slice(0, 2)),
      (ids) => votes(ids, ACCEPTORS.slice(2)),
      (_, batch) => reports(batch),
    ]);
  },
  byHand(environment) {
    const acceptors = namesOf(environment, "acceptors");
    const replicas = namesOf(environment, "replicas");
    const quorum = environment.edb.get("quorum")![0]![0] as number;
    const self = address(environment.address);
    const pending = new Map<number, Value>();
    const votes = new Map<number, Set<string>>();
    let [next, executed, ballot] = [1, 0, 0];
    return (arrived) => {
      const sends: Send[] = [];
      const batch: Row[] = [];
      for (const { relation, row } of arrived) {
        if (relation === "watchdog") {
          ballot = BALLOT;
          for (const to of acceptors) sends.push({ relation: "p1a", row: [self, ballot], to });
        } else if (relation === "in") batch.push(row);
        else if (relation === "progress") {
          for (const upTo = row[1] as number; executed < upTo; executed++) {
            pending.delete(executed + 1);
          }
        } else if (relation === "p2b") {
          const slot = row[2] as number;
          let voters = votes.get(slot);
          if (voters === undefined) votes.set(slot, (voters = new Set()));
          voters.add(nameOf(row[0]));
          if (voters.size === acceptors.length) votes.delete(slot);
          else if (voters.size === quorum) {
            for (const to of replicas) sends.push({ relation: "commit", row: [slot, row[4]!], to });
          }
        }
      }
      batch.sort((a, b) => (a[0] as number) - (b[0] as number));
      for (const request of batch) {
        const slot = next++;
        pending.set(slot, request);
        const row = [self, ballot, slot, request];
        for (const to of acceptors) sends.push({ relation: "p2a", row, to });
      }
      return sends;
    };
  },
};

/** It has promised the ballot in which it is asked to vote; it forgets what all replicas have executed. */
export const acceptor: NodeScript = {
  what: "Multi-Paxos's acceptor",
  example,
  component: "acceptor",
  at: "acceptor.1",
  commands: 30_000,
  functions: realFunctions,
  prelude: [[], [fact("p1a", PROPOSER, BALLOT)], []],
  ticks: (commands) =>
    pipelined(commands, [
      (ids) => ids.map((id) => fact("p2a", PROPOSER, BALLOT, id, command(id))),
      () => [],
      (_, batch) => pruned(batch),
    ]),
  byHand(environment) {
    const self = address(environment.address);
    const voted = new Map<number, { readonly ballot: number; readonly command: Value }>();
    let [promised, forgotten] = [0, 0];
    return (arrived) => {
      const sends: Send[] = [];
      for (const { relation, row } of arrived) {
        if (relation === "p1a") {
          const ballot = row[1] as number;
          promised = Math.max(promised, ballot);
          const logged = ballot === promised ? [...voted] : [];
          const sizes = PAGES.map(() => 0);
          for (const [slot, vote] of logged) {
            const page = environment.functions.get("partition/3")!([
              slot,
              PAGES.length,
            ])![0] as number;
            sizes[page]!++;
            const log = [self, ballot, forgotten, page, slot, vote.ballot, vote.command];
            sends.push({ relation: "p1bLog", row: log, to: nameOf(row[0]) });
          }
          for (const page of PAGES) {
            const answer = [self, ballot, promised, forgotten, page, sizes[page]!];
            sends.push({ relation: "p1b", row: answer, to: nameOf(row[0]) });
          }
        } else if (relation === "p2a") {
          const [proposer, ballot, slot, command] = row as readonly [Value, number, number, Value];
          if (ballot === promised) voted.set(slot, { ballot, command });
          const answer = [self, ballot, slot, promised, command];
          sends.push({ relation: "p2b", row: answer, to: nameOf(proposer) });
        } else if (relation === "prune") {
          for (const upTo = row[0] as number; forgotten < upTo; forgotten++) {
            voted.delete(forgotten + 1);
          }
        }
      }
      return sends;
    };
  },
};
