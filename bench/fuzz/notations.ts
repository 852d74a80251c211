import {
  arbitraryProgram,
  isGeneratedConstant,
} from "../../src/program/arbitraryProgram.testing.ts";
import { mollyText, prototypeText } from "../../src/syntax/clauseTexts.testing.ts";
import { hydroflowText } from "../../src/syntax/hydroflowTexts.testing.ts";
import { converts, printsBack } from "../../src/syntax/notationChecks.testing.ts";
import { checkProperty } from "../checkProperty.ts";
import type { Search } from "../search.ts";

export const CASES = 100_000;
/** Between two of these, Ctrl-C is heard. */
const PART = 400;

/** Every notation's grammar printed and read back, and programs converted to all. */
export async function fuzz(cases: number, seed: number, search: Search): Promise<number> {
  const converted = (p: Parameters<typeof converts>[0]) => converts(p, isGeneratedConstant);
  let failures = 0;
  for (let done = 0; done < cases && failures < 5; done += PART) {
    const many = Math.min(PART, cases - done);
    if (!(await search.next(many))) break;
    const [runs, from] = [Math.ceil(many / 4), seed + done];
    failures +=
      checkProperty("Hydroflow", hydroflowText, runs, from, (t) => printsBack(t, "hydroflow")) +
      checkProperty("Molly", mollyText, runs, from, (t) => printsBack(t, "molly")) +
      checkProperty("prototype", prototypeText, runs, from, (t) => printsBack(t, "prototype")) +
      checkProperty("conversion", arbitraryProgram, runs, from, converted);
  }
  return failures;
}
