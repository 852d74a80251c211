import { gcm } from "@noble/ciphers/aes.js";
import { ed25519 } from "@noble/curves/ed25519.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { CryptoProvider } from "./cryptoProvider.ts";

/** Cryptography in plain JavaScript: the same bytes in browser, worker and Node (dependencies.md). */
export const nobleCrypto: CryptoProvider = {
  sha256: (data) => sha256(data),
  hmacSha256: (key, data) => hmac(sha256, key, data),
  ed25519Sign: (secretKey, data) => ed25519.sign(data, secretKey),
  ed25519Verify(publicKey, data, signature) {
    if (publicKey.length !== 32 || signature.length !== 64) return false;
    try {
      return ed25519.verify(signature, data, publicKey, { zip215: false });
    } catch {
      return false;
    }
  },
  ed25519PublicKey: (secretKey) => ed25519.getPublicKey(secretKey),
  aesGcmEncrypt: (key, nonce, data) => gcm(key, nonce).encrypt(data),
  aesGcmDecrypt(key, nonce, data) {
    try {
      return gcm(key, nonce).decrypt(data);
    } catch {
      return undefined;
    }
  },
};
