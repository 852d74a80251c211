import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readDeployment } from "../plan/deploymentFile.ts";
import { read } from "../syntax/read.ts";
import { analyze } from "./analyze.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { codes, report } from "./caseProgram.testing.ts";
import { cohashViolations } from "./cohash.ts";
import { selfAsData, tickAsData } from "./entanglement.ts";
import { existence } from "./existence.ts";
import { gcPersisted, isPersisted, logicallyPersisted } from "./persistence.ts";
import { proposeKeys } from "./proposeKeys.ts";
import { resolveClients } from "./resolveClients.ts";
import { functionalViolations, monotoneViolations } from "./ruleClasses.ts";
import {
  complement,
  derivedOnBoth,
  ins,
  outs,
  sharedReads,
  transferred,
  wholeComponent,
  type RuleSet,
} from "./ruleSets.ts";
import { stratify } from "./stratify.ts";
import { isTickInsensitive, tickSensitivity } from "./tickInsensitivity.ts";

function example(name: string): AnalyzedProgram {
  const folder = new URL(`../../public/examples/${name}/`, import.meta.url);
  const file = (path: string): string => readFileSync(new URL(path, folder), "utf8");
  const deployment = readDeployment(JSON.parse(file("base.deployment.json")));
  if (deployment.kind !== "ok") throw new Error(JSON.stringify(deployment.problems));
  return analyze(read(file("base.ded")).program, deployment.deployment);
}

const kvs = example("kvs");
const voting = example("voting");

function rules(p: AnalyzedProgram, component: string, ...numbers: readonly number[]): RuleSet {
  const chosen = [...p.rules].filter(([, info]) => numbers.includes(info.number));
  return { component, rules: new Set(chosen.map(([id]) => id)) };
}

test("the examples have no faults", () => {
  expect(kvs.faults).toEqual([]);
  expect(voting.faults).toEqual([]);
});

test("kinds, attributes and types of the running example", () => {
  const described = [...kvs.relations.values()].map(
    (r) => `${r.kind} ${r.name}(${r.attributes.map((a) => `${a.name}: ${a.type}`).join(", ")})`,
  );
  expect(described).toMatchInlineSnapshot(`
    [
      "local signed(val: undefined, sig: bytes)",
      "env in(val: undefined)",
      "func sign(m: undefined, sig: bytes)",
      "chan toStorage(val: undefined, sig: bytes)",
      "edb.static storageNodes(n: address)",
      "local acks(src: address, sig: bytes, val: undefined, cnt: int)",
      "chan fromStorage(l: address, sig: bytes, val: undefined, n: int)",
      "local numACKs(n: int, val: undefined, cnt: int)",
      "local certs(cer: tuple, val: undefined, cnt: int)",
      "chan outCert(cer: tuple, val: undefined, cnt: int, h: int)",
      "edb.static numNodes(n: int)",
      "func hash(x: undefined, bits: int, h: int)",
      "edb.static client(c: address)",
      "chan outInconsistent(val: undefined)",
      "local good(val: undefined)",
      "func verify(m: undefined, sig: bytes)",
      "local hashset(h: int, val: undefined)",
      "local collisions(v2: undefined, h: int)",
      "local numCollisions(n: int, h: int)",
      "builtin self(address: address)",
      "edb.static leader(d: address)",
    ]
  `);
  expect([...kvs.relations.values()].filter((r) => r.toClients).map((r) => r.name)).toEqual([
    "outCert",
    "outInconsistent",
  ]);
});

test("clients are resolved to columns", () => {
  const resolution = resolveClients(kvs);
  expect(resolution).toEqual({
    kind: "resolved",
    clients: {
      input: "in",
      readers: ["leader"],
      generators: [{ kind: "payload" }],
      answers: new Map([
        ["outCert", [{ answer: 1, input: 0 }]],
        ["outInconsistent", [{ answer: 0, input: 0 }]],
      ]),
    },
  });
});

test("strata", () => {
  expect(stratify(kvs, "leader")).toEqual({
    kind: "strata",
    strata: [
      ["signed", "acks"],
      ["numACKs", "certs"],
    ],
  });
  expect(stratify(kvs, "storage")).toEqual({
    kind: "strata",
    strata: [["good", "collisions"], ["numCollisions"]],
  });
});

test("persistence", () => {
  expect(isPersisted(kvs, "leader", "acks")).toMatchObject({ rule: "leader/acks/2" });
  expect(isPersisted(kvs, "leader", "certs")).toBeUndefined();
  expect(gcPersisted(voting, "leader", "votes")).toMatchObject({
    by: "committed",
    key: [1],
    columns: [0],
  });
  expect([...logicallyPersisted(kvs, "leader")].sort()).toEqual([
    "acks",
    "client",
    "hash",
    "numNodes",
    "sign",
    "storageNodes",
  ]);
  expect(logicallyPersisted(voting, "leader").has("votes")).toBe(false);
});

test("broadcast and collection of the leader share nothing", () => {
  const broadcast = rules(kvs, "leader", 1, 2);
  const collection = complement(kvs, broadcast);
  expect([...ins(kvs, collection).keys()]).toEqual(["fromStorage"]);
  expect([...outs(kvs, collection).keys()]).toEqual(["outCert", "outInconsistent"]);
  expect(transferred(kvs, broadcast, collection).size).toBe(0);
  expect(transferred(kvs, collection, broadcast).size).toBe(0);
  expect(sharedReads(kvs, broadcast, collection).size).toBe(0);
});

test("a split of the collection cuts and shares `acks`", () => {
  const check = rules(kvs, "leader", 8);
  const rest = complement(kvs, check);
  expect([...transferred(kvs, rest, check)]).toEqual([
    [
      "acks",
      {
        producers: [
          { kind: "head", rule: "leader/acks/1" },
          { kind: "head", rule: "leader/acks/2" },
        ],
        readers: [
          { kind: "literal", rule: "leader/outInconsistent/1", index: 0 },
          { kind: "literal", rule: "leader/outInconsistent/1", index: 1 },
        ],
      },
    ],
  ]);
  expect([...sharedReads(kvs, rest, check).keys()]).toEqual(["acks"]);
  expect(derivedOnBoth(kvs, rest, check).size).toBe(0);
  const persists = rules(kvs, "leader", 4);
  expect([...derivedOnBoth(kvs, persists, complement(kvs, persists)).keys()]).toEqual(["acks"]);
});

test("the leader of the running example resends to clients only; storage answers input only", () => {
  const leader = tickSensitivity(kvs, "leader");
  expect(leader.findings).toEqual([]);
  expect(leader.resends.map(({ rule, harmless }) => [rule, harmless])).toEqual([
    ["leader/outCert/1", true],
    ["leader/outInconsistent/1", true],
  ]);
  expect(tickSensitivity(kvs, "storage")).toEqual({ findings: [], resends: [] });
});

test("voting forgets what it committed: a self-clearing trigger", () => {
  expect([...existence(voting, "leader").triggers.values()]).toEqual([
    { relation: "committed", clears: ["votes"], columns: [0] },
  ]);
  expect(isTickInsensitive(tickSensitivity(voting, "leader"))).toBe(true);
  expect(isTickInsensitive(tickSensitivity(voting, "participant"))).toBe(true);
});

test("rule 8 reads acks twice: not functional, but monotone", () => {
  const check = rules(kvs, "leader", 8);
  expect(report(kvs, functionalViolations(kvs, check))).toMatchInlineSnapshot(
    `"two-reads: Rule 8 reads \`acks\` twice. Sent over a network, the two facts can miss each other. [8:0 8:1]"`,
  );
  expect(monotoneViolations(kvs, check)).toEqual([]);
  expect(functionalViolations(kvs, rules(kvs, "leader", 1))).toEqual([]);
  expect(functionalViolations(kvs, rules(kvs, "leader", 2))).toEqual([]);
});

test("own addresses are data in what storage nodes and participants send", () => {
  expect(report(kvs, selfAsData(kvs, wholeComponent(kvs, "storage")))).toMatchInlineSnapshot(
    `"self-as-data: Rule 15 puts the node's own address into \`fromStorage\`. Two siblings would count as two nodes. Clew can use the original address. [15:head]"`,
  );
  expect(selfAsData(kvs, wholeComponent(kvs, "leader"))).toEqual([]);
  expect(codes(selfAsData(voting, wholeComponent(voting, "participant")))).toEqual([
    "self-as-data",
  ]);
  expect(tickAsData(kvs, wholeComponent(kvs, "storage"))).toEqual([]);
});

test("voting is partitioned by command, but for what clients send", () => {
  const [participant] = proposeKeys(voting, "participant");
  expect(participant).toEqual({ voteReq: [0] });
  const [leader] = proposeKeys(voting, "leader");
  expect(leader).toEqual({ in: [0], vote: [1], votes: [1], numVotes: [1], committed: [0] });
  expect(codes(cohashViolations(voting, "leader", leader!))).toEqual(["client-input"]);
});

test("the storage component has no key without a dependency; the refusal names the rules", () => {
  const [best] = proposeKeys(kvs, "storage");
  expect(report(kvs, cohashViolations(kvs, "storage", best!))).toMatchInlineSnapshot(`
    "keys-differ: In rule 12, \`good\` is split by \`v1\` and \`hashset\` by \`v2\`. Facts that belong together would be on different nodes. [12:0 12:2]
    head-key: Rule 12 derives \`collisions\`, which is split by \`v2\`, where \`good\` is, which is split by \`v1\`. The fact would be on the wrong node. [12:0 12:head]
    group-split: In rule 14, \`collisions\` of one \`h\` would be counted on different nodes. Split by \`h\` instead. [14:0 14:head]
    keys-differ: In rule 15, \`good\` is split by \`val\` and \`numCollisions\` by \`h\`. Facts that belong together would be on different nodes. [15:0 15:2]"
  `);
});

test("the collection of the running example is partitioned by value", () => {
  const [leader] = proposeKeys(kvs, "leader");
  expect(leader).toEqual({
    in: [0],
    signed: [0],
    fromStorage: [2],
    acks: [2],
    numACKs: [1],
    certs: [1],
  });
});
