import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** JSON text that depends on nothing but the content: no white space, fields in code unit order, absent fields left out. */
export function canonicalJson(json: unknown): string {
  if (Array.isArray(json)) return `[${json.map(canonicalJson).join(",")}]`;
  if (typeof json !== "object" || json === null) return JSON.stringify(json);
  const fields = Object.entries(json)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([field, value]) => `${JSON.stringify(field)}:${canonicalJson(value)}`);
  return `{${fields.join(",")}}`;
}

/** SHA-256 of the canonical JSON, in hexadecimal: what a plan goes by in results. */
export function jsonSha256(json: unknown): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(json))));
}
