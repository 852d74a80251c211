import { D2, MultiSet, output, reduce } from "@tanstack/db-ivm";
import initSqlJs from "sql.js";
import type { Fact } from "../../src/evaluator/nodeEngine.ts";
import type { Value } from "../../src/program/value.ts";
import type { Figure } from "../report.ts";
import { contest, runnable, timed } from "./contest.ts";
import { VOTERS, VOTING, VOTING_EDB } from "./voting.ts";

const { Database } = await initSqlJs();

/** Three votes for each id are counted, the reply is emitted, and the votes are forgotten. */
export async function votes(): Promise<readonly Figure[]> {
  return [...(await streaming(64, 200_000, 3e6)), ...(await streaming(1, 60_000, 1e6))];
}

/** Takes what arrives in a tick, answers how many replies it sends. */
type Counter = (arrived: readonly Fact[]) => number;

const CONTENDERS: readonly (readonly [string, () => Counter])[] = [
  ["Clew", clew],
  ["hand-written", handWritten],
  ["sql.js", sqlJs],
  ["db-ivm", dbIvm],
];

const LIMIT =
  "A vote passes five tables, no function of which has more than 14 % of the time; relations of one tick would have to be variables of the code that reads them.";

async function streaming(size: number, ids: number, goal: number): Promise<readonly Figure[]> {
  const ticks = voteTicks(ids, size);
  const contenders = CONTENDERS.map(([name, make]) => (): number => {
    const tick = make();
    let replies = 0;
    const seconds = timed(() => {
      for (const arrived of ticks) replies += tick(arrived);
    });
    if (replies !== ids) throw new Error(`${name}: ${replies} replies to ${ids} commands`);
    return seconds;
  });
  const rates = (await contest(contenders)).map((seconds) => (3 * ids) / seconds);
  const [own, ...peers] = rates as [number, ...number[]];
  return peers.map((rate, i) => ({
    what: `votes, ${size} facts a tick`,
    value: own,
    unit: "facts/s",
    peer: CONTENDERS[i + 1]![0],
    peerValue: rate,
    ratio: own / rate,
    ...(i === 0 ? { goal: `>= ${goal / 1e6} M`, met: own >= goal, limit: LIMIT } : {}),
  }));
}

/** `ids` times three votes, cut into ticks of `size` facts. */
function voteTicks(ids: number, size: number): readonly (readonly Fact[])[] {
  const facts = Array.from({ length: 3 * ids }, (_, i): Fact => ({
    relation: "vote",
    row: [VOTERS[i % 3]!, Math.floor(i / 3)],
  }));
  return Array.from({ length: Math.ceil(facts.length / size) }, (_, i) =>
    facts.slice(i * size, (i + 1) * size),
  );
}

const start = runnable(VOTING, VOTING_EDB);

function clew(): Counter {
  const engine = start();
  return (arrived) => engine.tick(arrived).sends.length;
}

/** What a programmer would write: a set of voters for each open command. */
function handWritten(): Counter {
  const open = new Map<Value, Set<string>>();
  return (arrived) => {
    const sends: { relation: string; row: readonly Value[]; to: string }[] = [];
    for (const { row } of arrived) {
      const [voter, id] = row as readonly [{ name: string }, Value];
      let voters = open.get(id);
      if (voters === undefined) open.set(id, (voters = new Set()));
      voters.add(voter.name);
      if (voters.size !== 3) continue;
      open.delete(id);
      sends.push({ relation: "reply", row: [id], to: "client" });
    }
    return sends.length;
  };
}

/** A table of votes by id, prepared statements, one transaction for ever; the table stays as small as a tick. */
function sqlJs(): Counter {
  const database = new Database();
  database.run(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
    CREATE TABLE votes(id INTEGER, voter TEXT, PRIMARY KEY (id, voter)) WITHOUT ROWID;
    BEGIN;`);
  const insert = database.prepare("INSERT OR IGNORE INTO votes VALUES (?, ?)");
  const committed = database.prepare("SELECT id FROM votes GROUP BY id HAVING count(*) = 3");
  const forget = database.prepare("DELETE FROM votes WHERE id = ?");
  return (arrived) => {
    for (const { row } of arrived) {
      const [voter, id] = row as readonly [{ name: string }, number];
      insert.run([id, voter.name]);
    }
    const replies: number[] = [];
    while (committed.step()) replies.push(committed.get()[0] as number);
    committed.reset();
    for (const id of replies) forget.run([id]);
    return replies.length;
  };
}

/** The voters of an id once they are three; they are retracted with what comes in the next tick. */
function dbIvm(): Counter {
  type Vote = [number, string];
  const graph = new D2();
  const input = graph.newInput<Vote>();
  let complete: [number, readonly string[]][] = [];
  input.pipe(
    reduce((voters: [string, number][]): [readonly string[], number][] =>
      voters.length === 3 ? [[voters.map(([voter]) => voter), 1]] : [],
    ),
    output((message) => {
      for (const [[id, voters], multiplicity] of message.getInner()) {
        if (multiplicity > 0) complete.push([id as number, voters as readonly string[]]);
      }
    }),
  );
  graph.finalize();
  return (arrived) => {
    const changes = arrived.map(({ row }): [Vote, number] => {
      const [voter, id] = row as readonly [{ name: string }, number];
      return [[id, voter.name], 1];
    });
    for (const [id, voters] of complete) {
      for (const voter of voters) changes.push([[id, voter], -1]);
    }
    complete = [];
    input.sendData(new MultiSet(changes));
    graph.run();
    return complete.length;
  };
}
