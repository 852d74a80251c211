/** Synchronous cryptography over bytes; the harness brings a native one, the browser uses `nobleCrypto`. */
export interface CryptoProvider {
  sha256(data: Uint8Array): Uint8Array;
  hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array;
  /** `secretKey` is the 32-byte seed of RFC 8032. */
  ed25519Sign(secretKey: Uint8Array, data: Uint8Array): Uint8Array;
  /** False, never an error, for keys and signatures that are malformed. */
  ed25519Verify(publicKey: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean;
  ed25519PublicKey(secretKey: Uint8Array): Uint8Array;
  /** The ciphertext followed by the 16-byte tag. Keys have 16, 24 or 32 bytes, nonces 12. */
  aesGcmEncrypt(key: Uint8Array, nonce: Uint8Array, data: Uint8Array): Uint8Array;
  /** Undefined when `data` was not made with key and nonce. */
  aesGcmDecrypt(key: Uint8Array, nonce: Uint8Array, data: Uint8Array): Uint8Array | undefined;
}
