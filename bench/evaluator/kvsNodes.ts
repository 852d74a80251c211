import type { Send } from "../../src/evaluator/nodeEngine.ts";
import { address, bytes, compareValues, valueKey, type Value } from "../../src/program/value.ts";
import {
  fact,
  freeFunctions,
  functionOf,
  nameOf,
  namesOf,
  payload,
  pipelined,
  testOf,
} from "./peers.ts";
import { readExample, type NodeScript } from "./protocolNode.ts";

const STORAGE = ["storage.1", "storage.2", "storage.3"].map(address);
const SIGNATURES = STORAGE.map((_, i) => bytes(`0${i}`.repeat(64)));
const example = readExample("kvs");

/** Values are tuples, so that their ids can serve for digests. */
function value(id: number): Value {
  return [id, payload(id)];
}

interface Acknowledged {
  readonly from: Set<string>;
  readonly signatures: Value[];
}

export const kvsLeader: NodeScript = {
  what: "key-value store's leader, cryptography off",
  example,
  component: "leader",
  at: "leader",
  commands: 20_000,
  functions: freeFunctions,
  prelude: [[]],
  ticks: (commands) =>
    pipelined(commands, [
      (ids) => ids.map((id) => fact("in", value(id))),
      (ids) =>
        ids.flatMap((id) =>
          STORAGE.map((s, i) => fact("fromStorage", s, SIGNATURES[i]!, value(id), 1)),
        ),
    ]),
  byHand(environment) {
    const storage = namesOf(environment, "storageNodes");
    const [client] = namesOf(environment, "client");
    const sign = functionOf(environment, "sign/2");
    const hash = functionOf(environment, "hash/3");
    const acks = new Map<string, Map<Value, Acknowledged>>();
    return (arrived) => {
      const sends: Send[] = [];
      for (const { relation, row } of arrived) {
        if (relation === "in") {
          const signed = [row[0]!, sign(row[0]!)];
          for (const to of storage) sends.push({ relation: "toStorage", row: signed, to });
          continue;
        }
        const [source, signature, val, count] = row as readonly [Value, Value, Value, Value];
        const key = valueKey(val);
        let counts = acks.get(key);
        if (counts === undefined) acks.set(key, (counts = new Map()));
        let known = counts.get(count);
        if (known === undefined) {
          counts.set(count, (known = { from: new Set(), signatures: [] }));
          if (counts.size === 2) {
            sends.push({ relation: "outInconsistent", row: [val], to: client! });
          }
        }
        if (known.from.has(nameOf(source))) continue;
        known.from.add(nameOf(source));
        known.signatures.push(signature);
        if (known.from.size !== storage.length) continue;
        const certificate = known.signatures.toSorted(compareValues);
        const answer = [certificate, val, count, hash(val, 16)];
        sends.push({ relation: "outCert", row: answer, to: client! });
      }
      return sends;
    };
  },
};

export const kvsStorage: NodeScript = {
  what: "key-value store's storage, cryptography off",
  example,
  component: "storage",
  at: "storage.1",
  commands: 20_000,
  functions: freeFunctions,
  prelude: [[]],
  ticks: (commands) =>
    pipelined(commands, [(ids) => ids.map((id) => fact("toStorage", value(id), SIGNATURES[0]!))]),
  byHand(environment) {
    const [leader] = namesOf(environment, "leader");
    const sign = functionOf(environment, "sign/2");
    const verify = testOf(environment, "verify/2");
    const hash = functionOf(environment, "hash/3");
    const self = address(environment.address);
    const stored = new Map<Value, Set<string>>();
    return (arrived) => {
      const good = arrived.filter(({ row }) => verify(row[0]!, row[1]!)).map(({ row }) => row[0]!);
      for (const val of good) {
        const h = hash(val, 16);
        const values = stored.get(h);
        if (values === undefined) stored.set(h, new Set([valueKey(val)]));
        else values.add(valueKey(val));
      }
      return good.map((val): Send => {
        const count = stored.get(hash(val, 16))!.size;
        return { relation: "fromStorage", row: [self, sign(val), val, count], to: leader! };
      });
    };
  },
};
