import type { RelationLiteral, RelationName, Term } from "../program/program.ts";
import { address, bytes, type Bytes, type Row, type Value } from "../program/value.ts";
import type { FunctionImplementation, FunctionTable } from "./functions.ts";
import { fromHex, toHex } from "./canonicalBytes.ts";
import { nobleCrypto } from "./nobleCrypto.ts";
import type { Dice } from "./dice.testing.ts";
import { standardFunctions } from "./standardFunctions.ts";

/** What literals of functions are made of, by whoever makes the body that they stand in. */
export interface FunctionParts {
  /** A term that the body binds. */
  readonly input: () => Term;
  readonly output: () => Term;
  /** The head is not derived from itself within a tick, so results may be new values. */
  readonly mayGrow: boolean;
}

const SECRETS = [bytes("01".repeat(32)), bytes("02".repeat(32))] as const;
const PUBLIC: readonly Bytes[] = SECRETS.map(({ hex }) =>
  bytes(toHex(nobleCrypto.ed25519PublicKey(fromHex(hex)))),
);
const KEY = bytes("00112233445566778899aabbccddeeff");
const OTHER_KEY = bytes("ff".repeat(32));
const NONCE = bytes("000102030405060708090a0b");

/** What a node finds of keys: its own, those it trusts, and everybody's. */
export const KEYS: readonly (readonly [RelationName, readonly Row[]])[] = [
  ["orig", [[address("me")]]],
  ["mykey", [[SECRETS[0]]]],
  ["trusted", PUBLIC.map((key) => [key])],
  ["publicKey", PUBLIC.map((key, i) => [address(i === 0 ? "me" : "a"), key])],
];

/** The standard functions with the short forms that go by the node's keys, as `nodeEnvironment` binds them. */
export const FUNCTIONS: FunctionTable = withKeys(standardFunctions(nobleCrypto));

function withKeys(standard: FunctionTable): FunctionTable {
  const sign = standard.get("sign/3")!;
  const verify = standard.get("verify/3")!;
  return new Map<string, FunctionImplementation>([
    ...standard,
    ["sign/2", ([m]) => sign([SECRETS[0], m!])],
    [
      "verify/2",
      ([m, signature]) =>
        PUBLIC.some((key) => verify([key, m!, signature!]) !== undefined) ? [] : undefined,
    ],
  ]);
}

/** Of the number 1, so that a rule may meet what was made elsewhere. */
const SIGNATURE = FUNCTIONS.get("sign/2")!([1])![0]!;
const CIPHERTEXT = FUNCTIONS.get("encrypt/4")!([KEY, NONCE, 1])![0]!;

/** Values that these functions make and take. */
export const MADE: readonly Value[] = [SIGNATURE, CIPHERTEXT, KEY];

/** One or more literals of a standard function. */
export function functionLiterals(dice: Dice, parts: FunctionParts): readonly RelationLiteral[] {
  const { input, output, mayGrow } = parts;
  switch (dice.pick(["hash", "len", "concat", "partition", "hmac", "signature", "cipher"])) {
    case "hash":
      return mayGrow && dice.chance(50)
        ? [literal("hash", input(), output())]
        : [literal("hash", input(), constant(2), output())];
    case "len":
      return [literal("len", measured(dice, parts), output())];
    case "concat":
      if (!mayGrow) break;
      return [literal("concat", ...joined(dice, parts), output())];
    case "hmac":
      if (!mayGrow) break;
      return [literal("hmac", dice.chance(90) ? constant(KEY) : input(), input(), output())];
    case "signature":
      return signature(dice, parts);
    case "cipher":
      return cipher(dice, parts);
  }
  const count = dice.chance(90) ? constant(1 + dice.below(3)) : input();
  return [literal("partition", input(), count, output())];
}

function measured(dice: Dice, { input }: FunctionParts): Term {
  if (dice.chance(10)) return input();
  if (dice.chance(30)) return constant(dice.pick(["", "two", bytes("0a0b")]));
  return tuple(input(), input());
}

function joined(dice: Dice, { input }: FunctionParts): readonly [Term, Term] {
  switch (dice.below(4)) {
    case 0:
      return [constant("s"), dice.chance(60) ? constant("t") : input()];
    case 1:
      return [constant(bytes("0a")), dice.chance(60) ? constant(bytes("")) : input()];
    default:
      return [constant([1]), tuple(input())];
  }
}

/** Made and checked in one body, now and then over different messages or with another's key; or only checked. */
function signature(
  dice: Dice,
  { input, output, mayGrow }: FunctionParts,
): readonly RelationLiteral[] {
  const negated = dice.chance(30);
  const long = dice.chance(50);
  const made: RelationLiteral[] = [];
  let signed: Term = dice.chance(70) ? constant(SIGNATURE) : input();
  const message = input();
  if (mayGrow && dice.chance(70)) {
    signed = dice.chance(80) ? variable("g") : output();
    if (!long) made.push(literal("sign", message, signed));
    else if (dice.chance(50)) {
      made.push(literal("mykey", variable("k")), literal("sign", variable("k"), message, signed));
    } else made.push(literal("sign", constant(dice.pick(SECRETS)), message, signed));
    if (signed.kind !== "variable" || dice.chance(30)) return made;
  }
  const checked = dice.chance(70) ? message : input();
  if (!long) return [...made, { ...literal("verify", checked, signed), negated }];
  const key = variable("r");
  const known = dice.chance(50)
    ? literal("trusted", key)
    : literal("publicKey", dice.chance(50) ? wildcard : constant(address("me")), key);
  return [...made, known, { ...literal("verify", key, checked, signed), negated }];
}

function cipher(dice: Dice, { input, output, mayGrow }: FunctionParts): readonly RelationLiteral[] {
  const key = constant(dice.chance(85) ? KEY : OTHER_KEY);
  if (!mayGrow || dice.chance(30)) {
    const secret = dice.chance(60) ? constant(CIPHERTEXT) : input();
    // What a decryption gives was in the ciphertext, so nothing grows.
    return dice.chance(30)
      ? [{ ...literal("decrypt", key, constant(NONCE), secret, wildcard), negated: true }]
      : [literal("decrypt", key, constant(NONCE), secret, output())];
  }
  const hidden = literal("encrypt", constant(KEY), constant(NONCE), input(), variable("c"));
  if (dice.chance(40)) return [hidden];
  return [hidden, literal("decrypt", key, constant(NONCE), variable("c"), output())];
}

const wildcard: Term = { kind: "wildcard" };

function variable(name: string): Term {
  return { kind: "variable", name };
}

function constant(value: Value): Term {
  return { kind: "constant", value };
}

function tuple(...terms: readonly Term[]): Term {
  return { kind: "tuple", terms };
}

function literal(relation: RelationName, ...terms: readonly Term[]): RelationLiteral {
  return { kind: "relation", negated: false, relation, terms };
}
