import * as nodeCrypto from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  address,
  bytes,
  compareValues,
  integer,
  MAX_INTEGER,
  MIN_INTEGER,
  type Value,
} from "../program/value.ts";
import { canonicalBytes, fromHex, toHex, valueOfCanonicalBytes } from "./canonicalBytes.ts";
import type { CryptoProvider } from "./cryptoProvider.ts";
import { ValueFault } from "./evaluationError.ts";
import { nobleCrypto } from "./nobleCrypto.ts";
import { standardFunctions } from "./standardFunctions.ts";

const hex = fc.uint8Array({ maxLength: 6 }).map(toHex);
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.bigInt({ min: MIN_INTEGER, max: MAX_INTEGER }).map((n) => integer(n)!),
    fc.integer({ min: -3, max: 3 }),
    fc.boolean(),
    fc.string({ unit: "binary", maxLength: 4 }),
    fc.constantFrom("\ud800", "\udc00", "\ud800\udc00", "\ufffd"),
    hex.map(bytes),
    fc.string({ maxLength: 3 }).map(address),
    fc.array(tie("value"), { maxLength: 3 }),
  ),
}));

const TAG = 16;
const pkcs8 = (sk: Uint8Array): nodeCrypto.KeyObject =>
  nodeCrypto.createPrivateKey({
    key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), sk]),
    format: "der",
    type: "pkcs8",
  });
const rawPublic = (key: nodeCrypto.KeyObject): Uint8Array =>
  nodeCrypto.createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
const native: Omit<CryptoProvider, "ed25519Verify"> = {
  sha256: (m) => nodeCrypto.createHash("sha256").update(m).digest(),
  hmacSha256: (key, m) => nodeCrypto.createHmac("sha256", key).update(m).digest(),
  ed25519Sign: (sk, m) => nodeCrypto.sign(null, m, pkcs8(sk)),
  ed25519PublicKey: (sk) => rawPublic(pkcs8(sk)),
  aesGcmEncrypt(key, nonce, m) {
    const name = key.length === 16 ? "aes-128-gcm" : "aes-256-gcm";
    const cipher = nodeCrypto.createCipheriv(name, key, nonce);
    return Buffer.concat([cipher.update(m), cipher.final(), cipher.getAuthTag()]);
  },
  aesGcmDecrypt(key, nonce, c) {
    const name = key.length === 16 ? "aes-128-gcm" : "aes-256-gcm";
    const decipher = nodeCrypto.createDecipheriv(name, key, nonce);
    decipher.setAuthTag(c.subarray(-TAG));
    return Buffer.concat([decipher.update(c.subarray(0, -TAG)), decipher.final()]);
  },
};

test("canonical bytes are equal exactly when values are, and read back", () => {
  fc.assert(
    fc.property(value, value, (a, b) => {
      const equal = toHex(canonicalBytes(a)) === toHex(canonicalBytes(b));
      expect(equal).toBe(compareValues(a, b) === 0);
      expect(valueOfCanonicalBytes(canonicalBytes(a))).toEqual(a);
    }),
    { numRuns: 1000 },
  );
});

test("the string 0x00, the bytes 0x00, the number 0 and the address differ", () => {
  const forms = ["00", bytes("00"), 0, address("00"), ["00"], false];
  expect(new Set(forms.map((f) => toHex(canonicalBytes(f)))).size).toBe(forms.length);
});

test("anything can be offered as canonical bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (data) => {
      valueOfCanonicalBytes(data);
    }),
  );
});

test("noble and node:crypto give the same bytes", () => {
  const anyBytes = fc.uint8Array({ maxLength: 100 });
  const key32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const nonce = fc.uint8Array({ minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(key32, nonce, anyBytes, (key, iv, m) => {
      expect(toHex(nobleCrypto.sha256(m))).toBe(toHex(native.sha256(m)));
      expect(toHex(nobleCrypto.hmacSha256(key, m))).toBe(toHex(native.hmacSha256(key, m)));
      const publicKey = nobleCrypto.ed25519PublicKey(key);
      expect(toHex(publicKey)).toBe(toHex(native.ed25519PublicKey(key)));
      const signature = nobleCrypto.ed25519Sign(key, m);
      expect(toHex(signature)).toBe(toHex(native.ed25519Sign(key, m)));
      expect(nobleCrypto.ed25519Verify(publicKey, m, signature)).toBe(true);
      for (const k of [key, key.subarray(0, 16)]) {
        const sealed = nobleCrypto.aesGcmEncrypt(k, iv, m);
        expect(toHex(sealed)).toBe(toHex(native.aesGcmEncrypt(k, iv, m)));
        expect(toHex(native.aesGcmDecrypt(k, iv, sealed)!)).toBe(toHex(m));
        expect(toHex(nobleCrypto.aesGcmDecrypt(k, iv, sealed)!)).toBe(toHex(m));
        sealed[0]! ^= 1;
        expect(nobleCrypto.aesGcmDecrypt(k, iv, sealed)).toBeUndefined();
      }
    }),
    { numRuns: 15 },
  );
});

const functions = standardFunctions(nobleCrypto);
const call = (name: string, ...inputs: Value[]): readonly Value[] | undefined =>
  functions.get(name)!(inputs);

test("signatures verify for their key and message only", () => {
  const sk = bytes("07".repeat(32));
  const pk = bytes(toHex(nobleCrypto.ed25519PublicKey(fromHex(sk.hex))));
  const [signature] = call("sign/3", sk, "m")!;
  expect(call("verify/3", pk, "m", signature!)).toEqual([]);
  expect(call("verify/3", pk, "n", signature!)).toBeUndefined();
  expect(call("verify/3", pk, "m", bytes("00"))).toBeUndefined();
  expect(call("verify/3", pk, "m", "no signature")).toBeUndefined();
  expect(() => call("sign/3", bytes("00"), "m")).toThrow(ValueFault);
});

test("hash is SHA-256 of the canonical bytes; with bits it keeps the first ones", () => {
  expect(call("hash/2", "")).toEqual([
    bytes(nodeCrypto.createHash("sha256").update(canonicalBytes("")).digest("hex")),
  ]);
  const whole = call("hash/2", 5)![0] as { hex: string };
  expect(call("hash/3", 5, 16)).toEqual([parseInt(whole.hex.slice(0, 4), 16)]);
  expect(call("hash/3", 5, 53)).toEqual([Number(BigInt(`0x${whole.hex.slice(0, 14)}`) >> 3n)]);
  expect(() => call("hash/3", 5, 54)).toThrow(/1 to 53 bits/);
});

test("what encrypt made decrypts with its key and nonce only", () => {
  const [key, nonce] = [bytes("01".repeat(16)), bytes("02".repeat(12))];
  const [c] = call("encrypt/4", key, nonce, ["m", 1])!;
  expect(call("decrypt/4", key, nonce, c!)).toEqual([["m", 1]]);
  expect(call("decrypt/4", key, bytes("03".repeat(12)), c!)).toBeUndefined();
  expect(() => call("encrypt/4", key, bytes("03"), 1)).toThrow(/nonce of 12 bytes/);
});

test("the elements of a tuple by their places", () => {
  expect([-1, 0, 1, 2].map((i) => call("elementAt/3", [7, "a"], i))).toEqual([
    undefined,
    [7],
    ["a"],
    undefined,
  ]);
  expect(() => call("elementAt/3", "abc", 0)).toThrow(/elementAt of the string "abc"/);
  expect(() => call("elementAt/3", [1], "0")).toThrow(/needs a place/);
});

test("len, concat and partition", () => {
  expect(call("len/2", "abc")).toEqual([3]);
  expect(call("len/2", bytes("0a0b"))).toEqual([2]);
  expect(() => call("len/2", 7)).toThrow(/len of the integer 7/);
  expect(call("concat/3", [1], ["a"])).toEqual([[1, "a"]]);
  expect(() => call("concat/3", "a", bytes("00"))).toThrow(ValueFault);
  const counts = Array.from({ length: 7 }, () => 0);
  for (let i = 0; i < 7000; i++) counts[call("partition/3", i, 7)![0] as number]!++;
  expect(Math.min(...counts)).toBeGreaterThan(850);
  expect(() => call("partition/3", 1, 0)).toThrow(ValueFault);
});

test("remembered results are the computed ones, also after many others", () => {
  const first = call("hash/3", "x", 20);
  for (let i = 0; i < 45_000; i++) call("hash/3", i, 8);
  expect(call("hash/3", "x", 20)).toEqual(first);
});
