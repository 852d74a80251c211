import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { keyPositions } from "../analysis/keyTerm.ts";
import type { KeyTerm, KeyTerms } from "../analysis/keyTerm.ts";
import { quoted } from "../analysis/wording.ts";
import { isFunctionName } from "../program/functions.ts";
import type { RelationName } from "../program/program.ts";
import type { TargetReader } from "./targets.ts";

/** A target's field `keys`: for each relation its key, positions, constants and functions of such. */
export function readKeyTerms(reader: TargetReader): KeyTerms {
  return reader.value("keys", "for each relation a list of key terms", isKeyTerms, {});
}

/** What of the keys is not in the program: an attribute or a function, as a sentence. */
export function strangeKey(p: AnalyzedProgram, keys: KeyTerms): string | undefined {
  for (const [relation, key] of Object.entries(keys)) {
    const { arity } = p.relations.get(relation)!;
    const far = key.flatMap(keyPositions).find((position) => position >= arity);
    if (far !== undefined) return `${quoted(relation)} has no attribute at position ${far}.`;
    const nowhere = key
      .flatMap(functionNames)
      .find((name) => !p.relations.has(name) && !isFunctionName(p.program, name));
    if (nowhere !== undefined) return `There is no function or table ${quoted(nowhere)}.`;
  }
  return undefined;
}

export function functionNames(term: KeyTerm): readonly RelationName[] {
  if (typeof term === "number" || "value" in term) return [];
  return [term.function, ...term.of.flatMap(functionNames)];
}

function isKeyTerms(json: unknown): json is KeyTerms {
  return (
    isRecord(json) &&
    Object.values(json).every((key) => Array.isArray(key) && key.every((t) => isKeyTerm(t)))
  );
}

function isKeyTerm(json: unknown): json is KeyTerm {
  if (typeof json === "number") return Number.isInteger(json) && json >= 0;
  if (!isRecord(json)) return false;
  const { value, function: name, of, result, ...more } = json;
  if (Object.keys(more).length > 0) return false;
  if (value !== undefined) {
    const isConstant = typeof value === "string" || Number.isSafeInteger(value);
    return isConstant && name === undefined && of === undefined && result === undefined;
  }
  const isResult = result === undefined || (Number.isInteger(result) && Number(result) >= 0);
  return typeof name === "string" && Array.isArray(of) && isResult && of.every((t) => isKeyTerm(t));
}

function isRecord(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
