import * as fc from "fast-check";
import {
  arbitraryProgram,
  isGeneratedConstant,
} from "../../src/program/arbitraryProgram.testing.ts";
import { mollyText, prototypeText } from "../../src/syntax/clauseTexts.testing.ts";
import { hydroflowText } from "../../src/syntax/hydroflowTexts.testing.ts";
import { mutated } from "../../src/syntax/mutatedTexts.testing.ts";
import {
  converts,
  printsBack,
  survives,
  type Failure,
} from "../../src/syntax/notationChecks.testing.ts";

const anyText = fc.oneof(hydroflowText, mollyText, prototypeText);
const bytes = fc.uint8Array({ maxLength: 400 }).map((a) => new TextDecoder("latin1").decode(a));

/** Every notation's grammar printed and read back, programs converted to all, and texts that are broken in any way. */
export function fuzz(cases: number, seed: number): number {
  const runs = Math.ceil(cases / 6);
  return (
    check("Hydroflow datalog", hydroflowText, runs, seed, (t) => printsBack(t, "hydroflow")) +
    check("Molly", mollyText, runs, seed, (t) => printsBack(t, "molly")) +
    check("prototype", prototypeText, runs, seed, (t) => printsBack(t, "prototype")) +
    check("conversion", arbitraryProgram, runs, seed, (p) => converts(p, isGeneratedConstant)) +
    check("mutated", mutated(anyText), runs, seed, survives) +
    check(
      "bytes",
      fc.oneof(bytes, fc.string({ unit: "binary", maxLength: 400 })),
      runs,
      seed,
      survives,
    )
  );
}

function check<T>(
  what: string,
  arbitrary: fc.Arbitrary<T>,
  numRuns: number,
  seed: number,
  failure: (value: T) => Failure,
): number {
  const result = fc.check(
    fc.property(arbitrary, (value) => {
      const started = performance.now();
      const found = failure(value);
      if (found !== undefined) throw new Error(found);
      if (performance.now() - started > 5000) throw new Error("took longer than five seconds");
    }),
    { numRuns, seed },
  );
  if (!result.failed) return 0;
  const value = JSON.stringify(result.counterexample?.[0], undefined, 1);
  console.log(`${what}, seed ${result.seed}, path ${result.counterexamplePath}:\n${value}`);
  console.log(String(result.errorInstance));
  return 1;
}
