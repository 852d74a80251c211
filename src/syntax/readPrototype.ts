import type { ComponentName } from "../program/program.ts";
import { lowerPrototype } from "./lowerPrototype.ts";
import { ProgramBuilder } from "./programBuilder.ts";
import { readClauses } from "./readClauses.ts";
import { addItems } from "./readMolly.ts";
import type { ReadResult } from "./readResult.ts";

/** Reads the notation of other public interpreters of Dedalus (language.md section 2, Prototype): one component. */
export function readPrototype(text: string, fileName: ComponentName): Omit<ReadResult, "dialect"> {
  const { items } = readClauses(text, "prototype", {});
  const builder = new ProgramBuilder(fileName);
  addItems(builder, items, text, fileName, []);
  for (const rule of lowerPrototype(items.filter((i) => i.kind === "clause")))
    builder.addRule(rule);
  return builder.finish();
}
