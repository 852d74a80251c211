import {
  arbitraryProgram,
  isGeneratedConstant,
} from "../../src/program/arbitraryProgram.testing.ts";
import { mollyText, prototypeText } from "../../src/syntax/clauseTexts.testing.ts";
import { hydroflowText } from "../../src/syntax/hydroflowTexts.testing.ts";
import { converts, printsBack } from "../../src/syntax/notationChecks.testing.ts";
import { checkProperty } from "../checkProperty.ts";

/** Every notation's grammar printed and read back, and programs converted to all. */
export function fuzz(cases: number, seed: number): number {
  const runs = Math.ceil(cases / 4);
  const converted = (p: Parameters<typeof converts>[0]) => converts(p, isGeneratedConstant);
  return (
    checkProperty("Hydroflow", hydroflowText, runs, seed, (t) => printsBack(t, "hydroflow")) +
    checkProperty("Molly", mollyText, runs, seed, (t) => printsBack(t, "molly")) +
    checkProperty("prototype", prototypeText, runs, seed, (t) => printsBack(t, "prototype")) +
    checkProperty("conversion", arbitraryProgram, runs, seed, converted)
  );
}
