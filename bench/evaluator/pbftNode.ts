import { secretKeyOf } from "../../src/evaluator/environment.ts";
import type { FunctionTable } from "../../src/evaluator/functions.ts";
import type { Fact, Send } from "../../src/evaluator/nodeEngine.ts";
import { nodeCrypto } from "../../src/harness/nodeCrypto.ts";
import { address, equalValues, type Value } from "../../src/program/value.ts";
import {
  fact,
  freeFunctions,
  functionOf,
  nameOf,
  namesOf,
  payload,
  pipelined,
  realFunctions,
  testOf,
} from "./peers.ts";
import { readExample, type NodeScript, type ProtocolNode } from "./protocolNode.ts";
import type { NodeEnvironment } from "../../src/evaluator/nodeEngine.ts";

const SELF = "replica.1";
const example = readExample("pbft");

export const pbftReplicas: readonly NodeScript[] = [
  replica("PBFT's replica, cryptography off", 10_000, freeFunctions),
  replica("PBFT's replica, cryptography on", 320, realFunctions),
];

/** Requests take the slots of their ids. Of the three other replicas the last speaks a tick later. */
function replica(what: string, commands: number, functions: () => FunctionTable): NodeScript {
  return {
    what,
    example,
    component: "replica",
    at: SELF,
    commands,
    functions,
    prelude: [[]],
    ticks: (count) => ticks(count, functions()),
    byHand,
  };
}

function ticks(commands: number, functions: FunctionTable): readonly (readonly Fact[])[] {
  const sign = (at: string, message: Value): Value =>
    functions.get("sign/3")!([secretKeyOf(example.deployment, at, nodeCrypto), message])![0]!;
  const digest = (id: number): Value => functions.get("hash/2")!([request(id)])![0]!;
  const votes = (kind: string, ids: readonly number[], from: readonly string[]): readonly Fact[] =>
    ids.flatMap((id) =>
      from.map((at) => {
        const message = [kind, address(at), id, digest(id)];
        return fact(kind, address(at), id, digest(id), sign(at, message));
      }),
    );
  const [early, late] = [["replica.2", "replica.3"], ["replica.4"]];
  return pipelined(commands, [
    (ids) =>
      ids.map((id) => {
        const signature = sign("leader", ["pre-prepare", id, digest(id)]);
        return fact("prePrepare", id, digest(id), request(id), signature);
      }),
    (ids) => votes("prepare", ids, early),
    (ids) => [...votes("prepare", ids, late), ...votes("commit", ids, early)],
    (ids) => votes("commit", ids, late),
  ]);
}

function request(id: number): Value {
  return [id, payload(id)];
}

/** What is known of the request that was accepted for a slot. */
interface Slot {
  readonly digest: Value;
  readonly request: Value;
  readonly prepares: Set<string>;
  readonly commits: Set<string>;
  promised: boolean;
  answered: boolean;
}

/** Of one slot it follows one request, the accepted one. It does not check its own signatures. */
function byHand(environment: NodeEnvironment): ProtocolNode {
  const replicas = namesOf(environment, "replicas");
  const [leader] = namesOf(environment, "leader");
  const [client] = namesOf(environment, "client");
  const quorum = environment.edb.get("quorum")![0]![0] as number;
  const keys = new Map(
    environment.edb.get("publicKey")!.map(([at, key]) => [nameOf(at), key!] as const),
  );
  const hash = functionOf(environment, "hash/2");
  const sign = functionOf(environment, "sign/2");
  const verify = testOf(environment, "verify/3");
  const self = address(environment.address);
  const slots = new Map<Value, Slot>();

  return (arrived) => {
    const sends: Send[] = [];
    const announce = (kind: string, slot: Value, digest: Value): void => {
      const row = [self, slot, digest, sign([kind, self, slot, digest])];
      for (const to of replicas) {
        if (to !== environment.address) sends.push({ relation: kind, row, to });
      }
    };
    const advance = (number: Value, slot: Slot): void => {
      if (!slot.promised && slot.prepares.size >= quorum) {
        slot.promised = true;
        slot.commits.add(environment.address);
        announce("commit", number, slot.digest);
      }
      if (slot.answered || slot.commits.size < quorum) return;
      slot.answered = true;
      const id = (slot.request as readonly Value[])[0]!;
      sends.push({ relation: "reply", row: [self, id, number], to: client! });
    };
    for (const { relation, row } of arrived) {
      if (relation === "prePrepare") {
        const [number, digest, request, signature] = row as readonly [Value, Value, Value, Value];
        if (slots.has(number) || !equalValues(hash(request), digest)) continue;
        if (!verify(keys.get(leader!)!, ["pre-prepare", number, digest], signature)) continue;
        const slot: Slot = {
          digest,
          request,
          prepares: new Set([environment.address]),
          commits: new Set(),
          promised: false,
          answered: false,
        };
        slots.set(number, slot);
        announce("prepare", number, digest);
        continue;
      }
      const [from, number, digest, signature] = row as readonly [Value, Value, Value, Value];
      const slot = slots.get(number);
      const key = keys.get(nameOf(from));
      if (slot === undefined || key === undefined || !equalValues(slot.digest, digest)) continue;
      if (!verify(key, [relation, from, number, digest], signature)) continue;
      (relation === "prepare" ? slot.prepares : slot.commits).add(nameOf(from));
      advance(number, slot);
    }
    return sends;
  };
}
