import type { ComponentName } from "../program/program.ts";
import { lowerPrototype } from "./lowerPrototype.ts";
import { ProgramBuilder } from "./programBuilder.ts";
import { readClauses } from "./readClauses.ts";
import { MollyAddresses } from "./mollyAddresses.ts";
import { addItems, annotated } from "./readMolly.ts";
import type { ReadResult } from "./readResult.ts";

/** Reads the notation of other public interpreters of Dedalus (language.md section 2, Prototype): one component. */
export function readPrototype(text: string, fileName: ComponentName): Omit<ReadResult, "dialect"> {
  const { items } = readClauses(text, "prototype", {});
  const builder = new ProgramBuilder(fileName);
  addItems(builder, items, text, fileName, []);
  const rules = lowerPrototype(items.filter((i) => i.kind === "clause"));
  const addresses = new MollyAddresses(
    rules.map(({ head, body }) => ({ head, body })),
    { declarations: annotated(items) },
  );
  rules.forEach((rule, i) => {
    const { head, body } = addresses.rule({ head: rule.head, body: rule.body }, i);
    builder.addRule({ ...rule, head, body });
  });
  return builder.finish();
}
