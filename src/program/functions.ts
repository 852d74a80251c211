import type { Attribute, Program, RelationName } from "./program.ts";

/**
 * A pure relation with bound inputs and determined outputs; inputs come first in its terms (language.md section 1).
 * With no outputs it is a test.
 */
export interface FunctionSignature {
  readonly name: RelationName;
  readonly inputs: readonly Attribute[];
  readonly outputs: readonly Attribute[];
  /** Different inputs give different outputs (collision resistance counts). */
  readonly injective: boolean;
  /** Reads `mykey` or `trusted` of its node: the short forms of sign and verify. */
  readonly keyed: boolean;
  readonly documentation: string;
}

function signature(
  name: string,
  inputs: readonly Attribute[],
  outputs: readonly Attribute[],
  documentation: string,
  more: { readonly injective?: boolean; readonly keyed?: boolean } = {},
): FunctionSignature {
  return {
    name,
    inputs,
    outputs,
    documentation,
    injective: more.injective ?? false,
    keyed: more.keyed ?? false,
  };
}

const any = (name: string): Attribute => ({ name });
const int = (name: string): Attribute => ({ name, type: "int" });
const bin = (name: string): Attribute => ({ name, type: "bytes" });

/** The functions every program has. Two of one name differ in how many terms they take. */
export const BUILTIN_FUNCTIONS: readonly FunctionSignature[] = [
  signature("hash", [any("x")], [bin("h")], "SHA-256 of x's canonical bytes.", { injective: true }),
  signature(
    "hash",
    [any("x"), int("bits")],
    [int("h")],
    "The first bits of SHA-256 of x, as a number; at most 53.",
  ),
  signature("hmac", [bin("key"), any("m")], [bin("tag")], "HMAC-SHA-256 of m under key."),
  signature(
    "sign",
    [bin("sk"), any("m")],
    [bin("sig")],
    "Ed25519 signature of m under the secret key sk.",
  ),
  signature("sign", [any("m")], [bin("sig")], "sign(sk, m, sig) with this node's own key.", {
    keyed: true,
  }),
  signature("verify", [bin("pk"), any("m"), bin("sig")], [], "Holds when sig signs m under pk."),
  signature(
    "verify",
    [any("m"), bin("sig")],
    [],
    "verify(pk, m, sig) for some key that this node trusts.",
    { keyed: true },
  ),
  signature(
    "encrypt",
    [bin("key"), bin("nonce"), any("m")],
    [bin("c")],
    "AES-GCM; the nonce has 12 bytes.",
  ),
  signature(
    "decrypt",
    [bin("key"), bin("nonce"), bin("c")],
    [any("m")],
    "No row when c was not made with key and nonce.",
  ),
  signature("len", [any("x")], [int("n")], "Length of a string, bytes (in bytes) or tuple."),
  signature("concat", [any("x"), any("y")], [any("z")], "Of two strings, two bytes or two tuples."),
  signature(
    "elementAt",
    [any("x"), int("i")],
    [any("e")],
    "The element of tuple x at place i, counted from 0; no row where it has none.",
  ),
  signature(
    "partition",
    [any("x"), int("n")],
    [int("p")],
    "A stable hash of x modulo n: 0 ≤ p < n.",
  ),
];

/** The signature a literal `name(…)` with that many terms means: the program's own functions first. */
export function functionSignature(
  program: Program,
  name: RelationName,
  terms: number,
): FunctionSignature | undefined {
  const fits = (f: FunctionSignature): boolean =>
    f.name === name && f.inputs.length + f.outputs.length === terms;
  return declaredFunctions(program).find(fits) ?? BUILTIN_FUNCTIONS.find(fits);
}

/** Asked of every literal, and the same for a program as long as it is there. */
const declared = new WeakMap<Program, readonly FunctionSignature[]>();

/** Those of the program itself. */
export function declaredFunctions(program: Program): readonly FunctionSignature[] {
  const known = declared.get(program);
  if (known !== undefined) return known;
  const functions = [program, ...program.components]
    .flatMap((scope) => scope.declarations)
    .flatMap((declaration): FunctionSignature[] => {
      if (declaration.kind !== "function") return [];
      const name = declaration.function;
      return [
        {
          ...declaration,
          name,
          injective: isDeclaredInjective(program, name),
          keyed: false,
          documentation: "Declared by the program.",
        },
      ];
    });
  declared.set(program, functions);
  return functions;
}

/** Whether any function has this name, with whatever number of terms. */
export function isFunctionName(program: Program, name: RelationName): boolean {
  return [...BUILTIN_FUNCTIONS, ...declaredFunctions(program)].some((f) => f.name === name);
}

function isDeclaredInjective(program: Program, name: RelationName): boolean {
  return [program, ...program.components].some((scope) =>
    scope.declarations.some((d) => d.kind === "injective" && d.function === name),
  );
}
