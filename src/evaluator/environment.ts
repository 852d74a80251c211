import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Deployment } from "../program/deployment.ts";
import type { ComponentName, RelationName } from "../program/program.ts";
import { address, bytes, rowKey, type Bytes, type Row } from "../program/value.ts";
import { canonicalBytes, fromHex, toHex } from "./canonicalBytes.ts";
import { canonicalRow } from "./canonicalValue.ts";
import type { CryptoProvider } from "./cryptoProvider.ts";
import { functionKey, type FunctionImplementation, type FunctionTable } from "./functions.ts";
import type { NodeEnvironment } from "./nodeEngine.ts";

/**
 * What the node at `at` is told before its first tick: its EDB from program and deployment, the generated `boot`,
 * `orig`, `mykey`, `trusted` and `publicKey`, and `sign`, `verify` bound to its keys. `functions` holds the standard functions and
 * those of the embedding code; share it between nodes.
 */
export function nodeEnvironment(
  p: AnalyzedProgram,
  deployment: Deployment,
  component: ComponentName,
  at: string,
  functions: FunctionTable,
  crypto: CryptoProvider,
): NodeEnvironment {
  const edb = new Map<RelationName, Row[]>();
  const add = (relation: RelationName, rows: readonly Row[]): void => {
    edb.set(relation, [...(edb.get(relation) ?? []), ...rows]);
  };
  for (const [relation, rows] of declaredRows(p)) add(relation, rows);
  for (const [relation, rows] of Object.entries(deployment.edb)) add(relation, rows);
  for (const [relation, rows] of Object.entries(deployment.node[at] ?? {})) add(relation, rows);

  const keys = nodeKeys(deployment, component, at, crypto);
  const read = relationsRead(p, component);
  add("boot", [[]]);
  if (read.has("orig") && !edb.has("orig")) add("orig", [[address(originalOf(deployment, at))]]);
  if (read.has("mykey") && !edb.has("mykey")) add("mykey", [[keys.secret()]]);
  if (read.has("trusted") && !edb.has("trusted"))
    add(
      "trusted",
      keys.trusted().map((k) => [k]),
    );
  if (read.has("publicKey") && !edb.has("publicKey")) add("publicKey", keys.published());
  return {
    address: at,
    edb: new Map([...edb].map(([relation, rows]) => [relation, distinct(rows)])),
    functions: withKeys(functions, keys),
  };
}

/** The address of the original node that `at` is a sibling of: itself unless a rewrite made it. */
export function originalOf(deployment: Deployment, at: string): string {
  return deployment.originals[at] ?? at;
}

/** The secret key of an original node: SHA-256 of the deployment's seed and its name. */
export function secretKeyOf(
  deployment: Deployment,
  original: string,
  crypto: CryptoProvider,
): Bytes {
  return bytes(toHex(crypto.sha256(canonicalBytes(["clew key", deployment.seed, original]))));
}

interface NodeKeys {
  secret(): Bytes;
  trusted(): readonly Bytes[];
  /** Every original node with its public key. */
  published(): readonly Row[];
}

/** Computed when first asked for: a public key costs a millisecond, and most programs sign nothing. */
function nodeKeys(
  deployment: Deployment,
  component: ComponentName,
  at: string,
  crypto: CryptoProvider,
): NodeKeys {
  let secret: Bytes | undefined;
  let trusted: readonly Bytes[] | undefined;
  return {
    secret: () => (secret ??= secretKeyOf(deployment, originalOf(deployment, at), crypto)),
    trusted: () =>
      (trusted ??= trustedOriginals(deployment, component).map((original) =>
        publicKeyOf(secretKeyOf(deployment, original, crypto), crypto),
      )),
    published: () =>
      originals(deployment).map((original) => [
        address(original),
        publicKeyOf(secretKeyOf(deployment, original, crypto), crypto),
      ]),
  };
}

function trustedOriginals(deployment: Deployment, component: ComponentName): readonly string[] {
  const named = deployment.trusted[component];
  if (named === undefined) return originals(deployment);
  return [...new Set(named.map((at) => originalOf(deployment, at)))];
}

function originals(deployment: Deployment): readonly string[] {
  const all = Object.values(deployment.instances).flat();
  return [...new Set(all.map((at) => originalOf(deployment, at)))];
}

const publicKeys = new WeakMap<CryptoProvider, Map<string, Bytes>>();

/** A cluster of n nodes asks for n keys n times. */
function publicKeyOf(secret: Bytes, crypto: CryptoProvider): Bytes {
  let known = publicKeys.get(crypto);
  if (known === undefined) publicKeys.set(crypto, (known = new Map()));
  let key = known.get(secret.hex);
  if (key === undefined) {
    key = bytes(toHex(crypto.ed25519PublicKey(fromHex(secret.hex))));
    known.set(secret.hex, key);
  }
  return key;
}

function withKeys(functions: FunctionTable, keys: NodeKeys): FunctionTable {
  const sign = functions.get(functionKey("sign", 3));
  const verify = functions.get(functionKey("verify", 3));
  const bound = new Map<string, FunctionImplementation>(functions);
  if (sign) bound.set(functionKey("sign", 2), ([m]) => sign([keys.secret(), m!]));
  if (verify) {
    bound.set(functionKey("verify", 2), ([m, signature]) =>
      keys.trusted().some((key) => verify([key, m!, signature!]) !== undefined) ? [] : undefined,
    );
  }
  return bound;
}

/** Relations have one name space, so contents declared in one component are every component's. */
function declaredRows(p: AnalyzedProgram): readonly (readonly [RelationName, readonly Row[]])[] {
  return [p.program, ...p.program.components].flatMap((scope) =>
    scope.declarations.flatMap((d) =>
      d.kind === "relation" && d.rows !== undefined ? [[d.relation, d.rows] as const] : [],
    ),
  );
}

function relationsRead(p: AnalyzedProgram, component: ComponentName): ReadonlySet<RelationName> {
  const rules = p.program.components.find((c) => c.name === component)?.rules ?? [];
  return new Set(
    rules.flatMap((r) => r.body.flatMap((l) => (l.kind === "relation" ? [l.relation] : []))),
  );
}

function distinct(rows: readonly Row[]): readonly Row[] {
  return [...new Map(rows.map(canonicalRow).map((row) => [rowKey(row), row])).values()];
}
