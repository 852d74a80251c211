import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { canonicalText } from "../program/printCompact.ts";
import type { Program } from "../program/program.ts";
import type { RewriteName } from "./rewrite.ts";
import { rewriteNamed } from "./rewrites.ts";

/** A list of steps from a base: serialisable, replayable, the undo history (files.md, Derivation). */
export interface Derivation {
  readonly base: { readonly sha256: string; readonly name: string };
  readonly steps: readonly Step[];
}

export type Step = RewriteStep | ByHandStep;

export interface RewriteStep {
  readonly rewrite: RewriteName;
  readonly name: string;
  readonly target: unknown;
  readonly waiver?: "tick-counts";
  readonly note?: string;
}

/** "Continue by hand": the whole text after it, unverified. */
export interface ByHandStep {
  readonly rewrite: "by-hand";
  readonly name: string;
  readonly text: string;
  readonly note?: string;
}

export interface DerivationProblem {
  /** JSON pointer into the document. */
  readonly pointer: string;
  readonly message: string;
}

export type DerivationRead =
  | { readonly kind: "derivation"; readonly derivation: Derivation }
  | { readonly kind: "problems"; readonly problems: readonly DerivationProblem[] };

const FORMAT = "clew/derivation";
const VERSION = 1;

/** Over the canonical compact form: layout and comments may change, rules may not. */
export function programSha256(program: Program): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalText(program))));
}

export function derivationOf(
  base: AnalyzedProgram,
  name: string,
  steps: readonly Step[],
): Derivation {
  return { base: { sha256: programSha256(base.program), name }, steps };
}

/** The document, ready for `JSON.stringify`. */
export function writeDerivation(derivation: Derivation) {
  return { format: FORMAT, version: VERSION, ...derivation } as const;
}

/** Reads a parsed derivation file; unknown fields and newer versions are refused, every problem named with its place. */
export function readDerivation(json: unknown): DerivationRead {
  const problems: DerivationProblem[] = [];
  const check = new Check(problems);
  const document = check.object("", json, ["format", "version", "base", "steps"]);
  if (document === undefined) return { kind: "problems", problems };
  if (!check.header(document)) return { kind: "problems", problems };
  const base = check.object("/base", document["base"], ["sha256", "name"]) ?? {};
  const sha = check.text("/base/sha256", base["sha256"]);
  const name = check.text("/base/name", base["name"]);
  const steps = check
    .list("/steps", document["steps"])
    .map((step, i) => readStep(check, step, `/steps/${i}`));
  if (problems.length > 0) return { kind: "problems", problems };
  return {
    kind: "derivation",
    derivation: { base: { sha256: sha, name }, steps: steps.filter((s) => s !== undefined) },
  };
}

function readStep(check: Check, json: unknown, at: string): Step | undefined {
  const kind =
    typeof json === "object" && json !== null && "rewrite" in json ? json.rewrite : undefined;
  const known = [
    "rewrite",
    "name",
    "note",
    ...(kind === "by-hand" ? ["text"] : ["target", "waiver"]),
  ];
  const step = check.object(at, json, known);
  if (step === undefined) return undefined;
  const rewrite = check.text(`${at}/rewrite`, step["rewrite"]);
  const name = check.text(`${at}/name`, step["name"]);
  const note = step["note"] === undefined ? {} : { note: check.text(`${at}/note`, step["note"]) };
  if (rewrite === "by-hand") {
    return { rewrite, name, text: check.text(`${at}/text`, step["text"]), ...note };
  }
  const waiver = step["waiver"];
  if (waiver !== undefined && waiver !== "tick-counts") {
    check.fail(`${at}/waiver`, `"tick-counts"`, waiver);
  }
  const found = rewriteNamed(rewrite);
  if (found === undefined) {
    check.fail(`${at}/rewrite`, "the name of a rewrite", rewrite);
    return undefined;
  }
  const target = found.readTarget(step["target"]);
  if (typeof target === "string") {
    check.problem(`${at}/target`, target);
    return undefined;
  }
  return {
    rewrite: found.name,
    name,
    target,
    ...(waiver === "tick-counts" && { waiver }),
    ...note,
  };
}

class Check {
  readonly #problems: DerivationProblem[];

  constructor(problems: DerivationProblem[]) {
    this.#problems = problems;
  }

  problem(pointer: string, message: string): void {
    this.#problems.push({ pointer, message });
  }

  fail(pointer: string, expected: string, found: unknown): void {
    const what = found === undefined ? "nothing" : (JSON.stringify(found) ?? typeof found);
    this.problem(pointer, `Expected ${expected}, found ${what.slice(0, 60)}.`);
  }

  header(document: Readonly<Record<string, unknown>>): boolean {
    const { format, version } = document;
    if (format !== FORMAT) this.fail("/format", `"${FORMAT}"`, format);
    else if (typeof version === "number" && Number.isInteger(version) && version > VERSION) {
      this.problem(
        "/version",
        `This derivation has version ${version}; version ${VERSION} is the newest that can be read here.`,
      );
    } else if (version !== VERSION) this.fail("/version", String(VERSION), version);
    else return true;
    return false;
  }

  object(
    pointer: string,
    json: unknown,
    known: readonly string[],
  ): Readonly<Record<string, unknown>> | undefined {
    if (typeof json !== "object" || json === null || Array.isArray(json)) {
      this.fail(pointer, "an object", json);
      return undefined;
    }
    for (const field of Object.keys(json)) {
      if (known.includes(field)) continue;
      const escaped = field.replaceAll("~", "~0").replaceAll("/", "~1");
      this.problem(
        `${pointer}/${escaped}`,
        `There is no field “${field}” here; known are ${known.join(", ")}.`,
      );
    }
    return json as Readonly<Record<string, unknown>>;
  }

  list(pointer: string, json: unknown): readonly unknown[] {
    if (Array.isArray(json)) return json;
    this.fail(pointer, "a list", json);
    return [];
  }

  text(pointer: string, json: unknown): string {
    if (typeof json === "string") return json;
    this.fail(pointer, "a text", json);
    return "";
  }
}
