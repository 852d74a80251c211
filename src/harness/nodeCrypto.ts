import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  sign,
  verify,
} from "node:crypto";
import type { CipherGCMTypes, KeyObject } from "node:crypto";
import type { CryptoProvider } from "../evaluator/cryptoProvider.ts";

/** RFC 8410: what comes before the 32 bytes of an Ed25519 key in PKCS #8 and in SubjectPublicKeyInfo. */
const PRIVATE_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const PUBLIC_PREFIX = Buffer.from("302a300506032b6570032100", "hex");
const TAG_BYTES = 16;
/** Key objects kept; a cluster has few keys, but a Byzantine sender could invent any number. */
const KEYS_KEPT = 1000;

const privateKeys = new Map<string, KeyObject>();
const publicKeys = new Map<string, KeyObject>();

/** Native cryptography: the same bytes as `nobleCrypto`, faster. */
export const nodeCrypto: CryptoProvider = {
  sha256: (data) => createHash("sha256").update(data).digest(),
  hmacSha256: (key, data) => createHmac("sha256", key).update(data).digest(),
  ed25519Sign: (secretKey, data) => sign(null, data, privateKey(secretKey)),
  ed25519Verify(publicKeyBytes, data, signature) {
    if (publicKeyBytes.length !== 32 || signature.length !== 64) return false;
    try {
      return verify(null, data, publicKey(publicKeyBytes), signature);
    } catch {
      return false;
    }
  },
  ed25519PublicKey(secretKey) {
    const spki = createPublicKey(privateKey(secretKey)).export({ type: "spki", format: "der" });
    return spki.subarray(PUBLIC_PREFIX.length);
  },
  aesGcmEncrypt(key, nonce, data) {
    const cipher = createCipheriv(gcmFor(key), key, nonce, { authTagLength: TAG_BYTES });
    return Buffer.concat([cipher.update(data), cipher.final(), cipher.getAuthTag()]);
  },
  aesGcmDecrypt(key, nonce, data) {
    if (data.length < TAG_BYTES) return undefined;
    try {
      const decipher = createDecipheriv(gcmFor(key), key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAuthTag(data.subarray(data.length - TAG_BYTES));
      const plain = decipher.update(data.subarray(0, data.length - TAG_BYTES));
      return Buffer.concat([plain, decipher.final()]);
    } catch {
      return undefined;
    }
  },
};

function gcmFor(key: Uint8Array): CipherGCMTypes {
  return key.length === 16 ? "aes-128-gcm" : key.length === 24 ? "aes-192-gcm" : "aes-256-gcm";
}

function privateKey(bytes: Uint8Array): KeyObject {
  return kept(privateKeys, bytes, (raw) =>
    createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, raw]), format: "der", type: "pkcs8" }),
  );
}

function publicKey(bytes: Uint8Array): KeyObject {
  return kept(publicKeys, bytes, (raw) =>
    createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, raw]), format: "der", type: "spki" }),
  );
}

function kept(
  keys: Map<string, KeyObject>,
  bytes: Uint8Array,
  make: (raw: Uint8Array) => KeyObject,
): KeyObject {
  const hex = Buffer.from(bytes).toString("hex");
  const known = keys.get(hex);
  if (known !== undefined) return known;
  if (keys.size >= KEYS_KEPT) keys.clear();
  const made = make(bytes);
  keys.set(hex, made);
  return made;
}
