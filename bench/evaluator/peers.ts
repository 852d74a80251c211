import type { FunctionTable } from "../../src/evaluator/functions.ts";
import type { Fact, NodeEnvironment } from "../../src/evaluator/nodeEngine.ts";
import { standardFunctions } from "../../src/evaluator/standardFunctions.ts";
import { nodeCrypto } from "../../src/harness/nodeCrypto.ts";
import type { Address, Row, Value } from "../../src/program/value.ts";
import { bytes, isTuple } from "../../src/program/value.ts";
import { PER_TICK } from "./protocolNode.ts";

/** What `arrivals` says of each batch of commands, by how many ticks after the batch began it arrives. */
export function pipelined(
  commands: number,
  stages: readonly ((ids: readonly number[], batch: number) => readonly Fact[])[],
): readonly (readonly Fact[])[] {
  const batches = Math.ceil(commands / PER_TICK);
  const idsOf = (batch: number): readonly number[] =>
    Array.from({ length: PER_TICK }, (_, i) => batch * PER_TICK + i + 1);
  return Array.from({ length: batches + stages.length }, (_, tick) =>
    stages.flatMap((stage, delay) => {
      const batch = tick - delay;
      return batch < 0 || batch >= batches ? [] : stage(idsOf(batch), batch);
    }),
  );
}

export function fact(relation: string, ...row: Row): Fact {
  return { relation, row };
}

/** A payload of 16 bytes. */
export function payload(id: number): Value {
  return bytes(id.toString(16).padStart(32, "0"));
}

/** The names of the addresses that an EDB relation of one column holds. */
export function namesOf(environment: NodeEnvironment, relation: string): readonly string[] {
  return (environment.edb.get(relation) ?? []).map(([at]) => (at as Address).name);
}

export function nameOf(value: Value | undefined): string {
  return (value as Address).name;
}

export function realFunctions(): FunctionTable {
  return standardFunctions(nodeCrypto);
}

const SIGNATURE = bytes("00".repeat(64));

/** Cryptography off: every signature is good, and a digest is made of a command's id. */
export function freeFunctions(): FunctionTable {
  return new Map([
    ...standardFunctions(nodeCrypto),
    ["hash/2", ([x]) => [payload(idOf(x))]],
    ["hash/3", ([x]) => [idOf(x) & 0xffff]],
    ["sign/2", () => [SIGNATURE]],
    ["sign/3", () => [SIGNATURE]],
    ["verify/2", () => []],
    ["verify/3", () => []],
  ]);
}

function idOf(x: Value | undefined): number {
  if (typeof x === "number") return x;
  if (x !== undefined && typeof x === "object" && isTuple(x)) return idOf(x[0]);
  throw new Error("A command has its id in front.");
}

/** A function of the node's that always has an answer. */
export function functionOf(
  environment: NodeEnvironment,
  key: string,
): (...inputs: readonly Value[]) => Value {
  const implementation = environment.functions.get(key)!;
  return (...inputs) => implementation(inputs)![0]!;
}

export function testOf(
  environment: NodeEnvironment,
  key: string,
): (...inputs: readonly Value[]) => boolean {
  const implementation = environment.functions.get(key)!;
  return (...inputs) => implementation(inputs) !== undefined;
}
