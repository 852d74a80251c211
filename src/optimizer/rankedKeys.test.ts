import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { compile } from "../evaluator/compile.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import type { Deployment } from "../program/deployment.ts";
import { address } from "../program/value.ts";
import { example } from "../rewrites/examples.testing.ts";
import { offers } from "../rewrites/driver.ts";
import { describedOffer } from "../rewrites/offerTitles.ts";
import { readCase } from "../syntax/readCase.ts";
import { rankedKeys } from "./rankedKeys.ts";
import type { RankedKey } from "./rankedKeys.ts";

const engines = { engine: compile, functions: standardFunctions(nobleCrypto), crypto: nobleCrypto };

function ranked(p: AnalyzedProgram, component: string): readonly RankedKey[] {
  const work = rankedKeys(p, component, engines);
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

function shown(p: AnalyzedProgram, keys: readonly RankedKey[]): readonly string[] {
  return keys.map(({ offer }) => `${offer.verdict} ${describedOffer(p, offer)}`);
}

test("voting: each of a participant's partitions has its share, and the leader stays the busiest", () => {
  const p = example("voting");
  const keys = ranked(p, "participant");
  expect(shown(p, keys)).toEqual([
    "holds participant → 3 partitions by id",
    "holds participant → 3 partitions by x",
    "holds participant → 3 partitions by id and x",
  ]);
  for (const { busiest, own } of keys) {
    expect(busiest).toEqual({ address: "leader", messagesPerCommand: 8 });
    // A request and a vote for each command; a third of them, if the hash were even.
    expect(own!.messagesPerCommand).toBeGreaterThan(2 / 3);
    expect(own!.messagesPerCommand).toBeLessThan(1);
  }
  expect(shown(p, ranked(p, "leader"))).toEqual(["violated leader → 3 partitions by id"]);
});

test("kvs: the key that works stands before the ones that do not", () => {
  const p = example("kvs");
  const keys = ranked(p, "storage");
  expect(shown(p, keys)).toEqual([
    "holds storage → 3 partitions by hash(val, 16)",
    "violated storage → 3 partitions by val",
  ]);
  expect(keys.map(({ own }) => own !== undefined)).toEqual([true, false]);
});

test("paxos: acceptors by slot, with two inputs that every partition keeps", () => {
  const p = example("paxos");
  const [best] = ranked(p, "acceptor");
  expect(describedOffer(p, best!.offer)).toBe(
    "acceptor → 3 partitions by partition(s, 6), with a copy of `p1a` and `prune` each",
  );
  // What is replicated goes through the proxy, so the partitions have more than a third of the work.
  expect(best!.own!.messagesPerCommand).toBeGreaterThan(0.7);
  expect(best!.own!.messagesPerCommand).toBeLessThan(1.1);
});

/** All requests are of one shop, so its name tells no two of them apart. */
const SHOP = `input in(shop: string, id: int)
output reply(shop: string, id: int)
edb desk(d: address)
edb client(c: address)
component gate {
  order(s, i)@async(d) :- in(s, i), desk(d)
}
component counter {
  kept(s, i) :- order(s, i)
  reply(s, i)@async(c) :- kept(s, i), client(c)
}
`;

test("a key of one value takes nothing off, whichever was proposed first", () => {
  const p = analyze(readCase(SHOP).program, shopDeployment());
  const proposed = offers(p, { component: "counter", rules: [] }).filter(
    ({ rewrite }) => rewrite === "partitionByCohashing",
  );
  const byShop = "holds counter → 3 partitions by s";
  expect(`${proposed[0]!.verdict} ${describedOffer(p, proposed[0]!)}`).toBe(byShop);
  const keys = ranked(p, "counter");
  expect(shown(p, keys).at(-1)).toBe(byShop);
  expect(keys.at(-1)!.own!.messagesPerCommand).toBe(2);
  expect(keys[0]!.own!.messagesPerCommand).toBeLessThan(1);
});

test("without a deployment the keys are there, unmeasured", () => {
  const p = { ...example("voting"), deployment: undefined };
  const keys = ranked(p, "participant");
  expect(keys.length).toBeGreaterThan(0);
  expect(keys.every(({ busiest, own }) => busiest === undefined && own === undefined)).toBe(true);
});

function shopDeployment(): Deployment {
  return {
    ...example("voting").deployment!,
    instances: { gate: ["gate"], counter: ["desk"] },
    edb: { desk: [[address("desk")]], client: [[address("client")]] },
    node: {},
    clients: {
      address: "client",
      input: "in",
      answers: ["reply"],
      match: { reply: { id: "id" } },
      template: { shop: { kind: "choice", of: ["north"] }, id: { kind: "unique" } },
      payloadBytes: 16,
      requests: 20,
    },
  };
}
