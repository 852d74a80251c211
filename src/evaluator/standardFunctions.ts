import { printValue } from "../program/printTerm.ts";
import { bytes, isTuple, kindOf, rowKey, type Value } from "../program/value.ts";
import { canonicalBytes, fromHex, toHex, valueOfCanonicalBytes } from "./canonicalBytes.ts";
import type { CryptoProvider } from "./cryptoProvider.ts";
import { ValueFault } from "./evaluationError.ts";
import type { FunctionImplementation, FunctionTable } from "./functions.ts";

/** Results kept for each costly function, at least; at most twice as many. */
const REMEMBERED = 20_000;

/**
 * The built-in functions except the short forms `sign/2` and `verify/2`, which `nodeEnvironment` binds to a node's keys
 * (language.md section 1). Costly results are remembered, so share one table between engines.
 */
export function standardFunctions(crypto: CryptoProvider): FunctionTable {
  return new Map<string, FunctionImplementation>([
    ["hash/2", remembered(([x]) => [sha256(crypto, x!)])],
    ["hash/3", remembered(([x, bits]) => [firstBits(crypto, x!, bits!)])],
    ["hmac/3", remembered(([key, m]) => [hmac(crypto, key!, m!)])],
    ["sign/3", remembered(([sk, m]) => [sign(crypto, sk!, m!)])],
    ["verify/3", remembered(([pk, m, sig]) => (verify(crypto, pk!, m!, sig!) ? [] : undefined))],
    ["encrypt/4", remembered(([key, nonce, m]) => [encrypt(crypto, key!, nonce!, m!)])],
    ["decrypt/4", remembered(([key, nonce, c]) => decrypt(crypto, key!, nonce!, c!))],
    ["len/2", ([x]) => [length(x!)]],
    ["concat/3", ([x, y]) => [concat(x!, y!)]],
    ["elementAt/3", ([x, i]) => elementAt(x!, i!)],
    ["partition/3", ([x, n]) => [partition(x!, n!)]],
  ]);
}

/** Two generations: when the young one is full it becomes the old one, and what is asked for again moves over. */
function remembered(compute: FunctionImplementation): FunctionImplementation {
  let young = new Map<string, readonly Value[] | undefined>();
  let old = young;
  return (inputs) => {
    const key = rowKey(inputs);
    if (young.has(key)) return young.get(key);
    const result = old.has(key) ? old.get(key) : compute(inputs);
    if (young.size >= REMEMBERED) {
      old = young;
      young = new Map();
    }
    young.set(key, result);
    return result;
  };
}

function sha256(crypto: CryptoProvider, x: Value): Value {
  return bytes(toHex(crypto.sha256(canonicalBytes(x))));
}

function firstBits(crypto: CryptoProvider, x: Value, bits: Value): Value {
  if (typeof bits !== "number" || bits < 1 || bits > 53) {
    throw new ValueFault(`hash keeps 1 to 53 bits, not ${printValue(bits)}`);
  }
  const digest = crypto.sha256(canonicalBytes(x));
  let number = 0n;
  for (let i = 0; i < 8; i++) number = (number << 8n) | BigInt(digest[i]!);
  return Number(number >> BigInt(64 - bits));
}

function hmac(crypto: CryptoProvider, key: Value, m: Value): Value {
  return bytes(toHex(crypto.hmacSha256(dataOf("hmac", "key", key), canonicalBytes(m))));
}

function sign(crypto: CryptoProvider, sk: Value, m: Value): Value {
  const key = dataOf("sign", "secret key", sk);
  if (key.length !== 32)
    throw new ValueFault(`sign needs a secret key of 32 bytes, not ${key.length}`);
  return bytes(toHex(crypto.ed25519Sign(key, canonicalBytes(m))));
}

/** Whatever arrives in place of a signature is no signature, never an error: it may come from a Byzantine node. */
function verify(crypto: CryptoProvider, pk: Value, m: Value, sig: Value): boolean {
  if (!isBytes(pk) || !isBytes(sig)) return false;
  return crypto.ed25519Verify(fromHex(pk.hex), canonicalBytes(m), fromHex(sig.hex));
}

function encrypt(crypto: CryptoProvider, key: Value, nonce: Value, m: Value): Value {
  const [k, n] = cipherInputs("encrypt", key, nonce);
  return bytes(toHex(crypto.aesGcmEncrypt(k, n, canonicalBytes(m))));
}

function decrypt(
  crypto: CryptoProvider,
  key: Value,
  nonce: Value,
  c: Value,
): readonly Value[] | undefined {
  const [k, n] = cipherInputs("decrypt", key, nonce);
  if (!isBytes(c)) return undefined;
  const plain = crypto.aesGcmDecrypt(k, n, fromHex(c.hex));
  const value = plain === undefined ? undefined : valueOfCanonicalBytes(plain);
  return value === undefined ? undefined : [value];
}

function cipherInputs(name: string, key: Value, nonce: Value): readonly [Uint8Array, Uint8Array] {
  const k = dataOf(name, "key", key);
  const n = dataOf(name, "nonce", nonce);
  if (k.length !== 16 && k.length !== 24 && k.length !== 32) {
    throw new ValueFault(`${name} needs a key of 16, 24 or 32 bytes, not ${k.length}`);
  }
  if (n.length !== 12) throw new ValueFault(`${name} needs a nonce of 12 bytes, not ${n.length}`);
  return [k, n];
}

function length(x: Value): Value {
  if (typeof x === "string" || isTuple(x)) return x.length;
  if (isBytes(x)) return x.hex.length / 2;
  throw new ValueFault(`len of the ${kindOf(x)} ${printValue(x)} is not defined`);
}

function concat(x: Value, y: Value): Value {
  if (typeof x === "string" && typeof y === "string") return x + y;
  if (isTuple(x) && isTuple(y)) return [...x, ...y];
  if (isBytes(x) && isBytes(y)) return bytes(x.hex + y.hex);
  throw new ValueFault(
    `concat of the ${kindOf(x)} ${printValue(x)} and the ${kindOf(y)} ${printValue(y)} is not defined`,
  );
}

function elementAt(x: Value, i: Value): readonly Value[] | undefined {
  if (!isTuple(x)) {
    throw new ValueFault(`elementAt of the ${kindOf(x)} ${printValue(x)} is not defined`);
  }
  if (typeof i !== "number") throw new ValueFault(`elementAt needs a place, not ${printValue(i)}`);
  const element = x[i];
  return element === undefined ? undefined : [element];
}

/** FNV-1a over the canonical bytes, finished by Murmur's mixer so that its low bits are good too. */
function partition(x: Value, n: Value): Value {
  if (typeof n !== "number" || n < 1) {
    throw new ValueFault(`partition needs a positive number of partitions, not ${printValue(n)}`);
  }
  let hash = 0x811c9dc5;
  for (const byte of canonicalBytes(x)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % n;
}

function isBytes(value: Value): value is { readonly kind: "bytes"; readonly hex: string } {
  return typeof value === "object" && !isTuple(value) && value.kind === "bytes";
}

function dataOf(name: string, what: string, value: Value): Uint8Array {
  if (isBytes(value)) return fromHex(value.hex);
  throw new ValueFault(`${name} needs bytes as its ${what}, not ${printValue(value)}`);
}
