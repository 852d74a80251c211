import * as fc from "fast-check";
import { expect, test } from "vitest";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import { nodeCrypto } from "./nodeCrypto.ts";

const data = fc.uint8Array({ maxLength: 200 });
const secret = fc.uint8Array({ minLength: 32, maxLength: 32 });
const cipherKey = fc
  .constantFrom(16, 24, 32)
  .chain((n) => fc.uint8Array({ minLength: n, maxLength: n }));
const nonce = fc.uint8Array({ minLength: 12, maxLength: 12 });

const hex = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && Buffer.from(bytes).toString("hex");

test("native and pure cryptography give the same bytes", () => {
  fc.assert(
    fc.property(data, data, secret, (a, key, sk) => {
      expect(hex(nodeCrypto.sha256(a))).toBe(hex(nobleCrypto.sha256(a)));
      expect(hex(nodeCrypto.hmacSha256(key, a))).toBe(hex(nobleCrypto.hmacSha256(key, a)));
      expect(hex(nodeCrypto.ed25519PublicKey(sk))).toBe(hex(nobleCrypto.ed25519PublicKey(sk)));
      expect(hex(nodeCrypto.ed25519Sign(sk, a))).toBe(hex(nobleCrypto.ed25519Sign(sk, a)));
    }),
    { numRuns: 40 },
  );
  fc.assert(
    fc.property(cipherKey, nonce, data, (key, n, a) => {
      const sealed = nodeCrypto.aesGcmEncrypt(key, n, a);
      expect(hex(sealed)).toBe(hex(nobleCrypto.aesGcmEncrypt(key, n, a)));
      expect(hex(nodeCrypto.aesGcmDecrypt(key, n, sealed))).toBe(hex(a));
    }),
  );
});

test("both accept and refuse the same signatures and ciphertexts", () => {
  fc.assert(
    fc.property(secret, data, fc.nat(), (sk, a, at) => {
      const pk = nobleCrypto.ed25519PublicKey(sk);
      const signature = nobleCrypto.ed25519Sign(sk, a);
      const forged = Uint8Array.from(signature);
      forged[at % 64]! ^= 1 << (at % 8);
      for (const crypto of [nodeCrypto, nobleCrypto]) {
        expect(crypto.ed25519Verify(pk, a, signature)).toBe(true);
        expect(crypto.ed25519Verify(pk, a, forged)).toBe(false);
        expect(crypto.ed25519Verify(pk.subarray(1), a, signature)).toBe(false);
        expect(crypto.ed25519Verify(pk, a, signature.subarray(1))).toBe(false);
      }
    }),
    { numRuns: 25 },
  );
  fc.assert(
    fc.property(cipherKey, nonce, data, fc.nat(), (key, n, a, at) => {
      const changed = Uint8Array.from(nobleCrypto.aesGcmEncrypt(key, n, a));
      changed[at % changed.length]! ^= 1;
      expect(nodeCrypto.aesGcmDecrypt(key, n, changed)).toBeUndefined();
      expect(nodeCrypto.aesGcmDecrypt(key, n, changed.subarray(0, 10))).toBeUndefined();
    }),
  );
});

test("a public key that is no point verifies nothing", () => {
  const wrong = new Uint8Array(32).fill(255);
  for (const crypto of [nodeCrypto, nobleCrypto]) {
    expect(crypto.ed25519Verify(wrong, new Uint8Array(3), new Uint8Array(64))).toBe(false);
  }
});
