import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { quoted } from "../analysis/wording.ts";
import { headerProblem } from "../plan/header.ts";
import {
  arrayOf,
  checkJson,
  constant,
  dedalusValue,
  name,
  objectWith,
  pointerTo,
} from "../plan/schema.ts";
import type { FileProblem } from "../plan/schema.ts";
import { kindOf } from "../program/value.ts";
import { rowFromJson } from "../program/valueJson.ts";
import type { Input } from "../verifier/machine.ts";
import { readJson } from "./load.ts";

/** The schema of `clew/inputs` version 1 (files.md). */
export const inputsSchema = objectWith(
  {
    format: constant("clew/inputs"),
    version: constant(1),
    facts: arrayOf(objectWith({ relation: name, row: arrayOf(dedalusValue) }, { to: name })),
  },
  {},
);

/** What an inputs file has the environment send to that program; or what is wrong with it. */
export function loadInputs(file: string, p: AnalyzedProgram): readonly Input[] | string {
  const read = readInputs(readJson(file), p);
  if ("inputs" in read) return read.inputs;
  return read.problems.map((each) => `${file}#${each.pointer}: ${each.message}`).join("\n");
}

export function readInputs(
  json: unknown,
  p: AnalyzedProgram,
): { readonly inputs: readonly Input[] } | { readonly problems: readonly FileProblem[] } {
  const header = headerProblem(json, "inputs", 1);
  if (header !== undefined) return { problems: [header] };
  const checked = checkJson(inputsSchema, json);
  if (checked.kind === "problems") return { problems: checked.problems };
  const problems: FileProblem[] = [];
  const inputs = checked.value.facts.flatMap(({ relation, row, to }, i) => {
    // The schema has checked every value of it.
    const found = inputsOf(p, { relation, row: rowFromJson(row)! }, to);
    if (typeof found !== "string") return found;
    problems.push({ pointer: pointerTo("/facts", i), message: found });
    return [];
  });
  return problems.length > 0 ? { problems } : { inputs };
}

/** A fact at the node named, or at every node that reads it; a sentence when no client could send it. */
function inputsOf(
  p: AnalyzedProgram,
  fact: Omit<Input, "to">,
  to: string | undefined,
): readonly Input[] | string {
  const { relation, row } = fact;
  const info = p.relations.get(relation);
  if (info?.kind !== "env" || info.timerMs !== undefined) {
    const may = [...p.relations.values()].filter(
      (r) => r.kind === "env" && r.timerMs === undefined,
    );
    return `Nobody outside sends ${quoted(relation)}, but ${may.map((r) => quoted(r.name)).join(", ")}.`;
  }
  if (row.length !== info.arity) {
    return `${quoted(relation)} has ${info.arity} attributes, and the row has ${row.length} values.`;
  }
  for (const [i, { name: attribute, type }] of info.attributes.entries()) {
    const kind = kindOf(row[i]!);
    if (type !== undefined && !kind.startsWith(type)) {
      return `${quoted(attribute)} of ${quoted(relation)} is ${type}, and the row has ${kind}.`;
    }
  }
  const nodes = info.readBy.flatMap((component) => p.deployment?.instances[component] ?? []);
  if (to === undefined) return nodes.map((node) => ({ ...fact, to: node }));
  if (nodes.includes(to)) return [{ ...fact, to }];
  return `${quoted(to)} does not read ${quoted(relation)}, but ${nodes.map(quoted).join(", ")}.`;
}
