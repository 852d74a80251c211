import { readdirSync, readFileSync } from "node:fs";
import * as fc from "fast-check";
import {
  arbitraryProgram,
  isGeneratedConstant,
} from "../../src/program/arbitraryProgram.testing.ts";
import { printCompact } from "../../src/program/printCompact.ts";
import { mollyText, prototypeText } from "../../src/syntax/clauseTexts.testing.ts";
import { detectDialect } from "../../src/syntax/detectDialect.ts";
import { DIALECTS } from "../../src/syntax/dialect.ts";
import type { Dialect } from "../../src/syntax/dialect.ts";
import { hydroflowText } from "../../src/syntax/hydroflowTexts.testing.ts";
import { mutated, PIECES } from "../../src/syntax/mutatedTexts.testing.ts";
import { survives } from "../../src/syntax/notationChecks.testing.ts";
import { printProgram } from "../../src/syntax/printProgram.ts";
import { checkProperty } from "../checkProperty.ts";
import type { Search } from "../search.ts";

export const CASES = 1_000_000;

const examples = new URL("../../public/examples/", import.meta.url);
const EXAMPLES = readdirSync(examples).map((name) =>
  readFileSync(new URL(`${name}/base.ded`, examples), "utf8"),
);

const raw = fc.uint8Array({ maxLength: 200 });
const bytes = fc.oneof(
  raw.map((a) => new TextDecoder("latin1").decode(a)),
  raw.map((a) => new TextDecoder().decode(a)),
  fc.string({ unit: "binary", maxLength: 200 }),
);
const words = fc
  .array(fc.constantFrom(...PIECES, "p", "x", "p(x)", "q(x, y)", "1"), { maxLength: 60 })
  .map((all) => all.join(""));
const partOfExample = fc
  .tuple(fc.constantFrom(...EXAMPLES), fc.nat(20_000), fc.nat(600))
  .map(([text, at, length]) => text.slice(at % text.length).slice(0, length));
const paper = arbitraryProgram.map((p) => {
  const printed = printProgram(p, "paper", isGeneratedConstant);
  return printed.kind === "text" ? printed.text : printCompact(p);
});
const program = fc.oneof(
  fc.tuple(fc.constant<Dialect>("hydroflow"), mutated(hydroflowText)),
  fc.tuple(fc.constant<Dialect>("molly"), mutated(mollyText)),
  fc.tuple(fc.constant<Dialect>("prototype"), mutated(prototypeText)),
  fc.tuple(fc.constant<Dialect>("compact"), mutated(arbitraryProgram.map(printCompact))),
  fc.tuple(fc.constant<Dialect>("paper"), mutated(paper)),
  fc.tuple(fc.constant<Dialect>("compact"), mutated(partOfExample)),
);
const noise = fc.tuple(fc.constantFrom(...DIALECTS), fc.oneof(bytes, words));
/** A text, the notation that it was meant to be in or is seen to be in, and one to print it in. */
const input: fc.Arbitrary<Input> = fc
  .tuple(fc.oneof(program, noise), fc.boolean(), fc.constantFrom(...DIALECTS))
  .map(([[meant, text], detected, to]) => {
    const from = detected ? detectDialect(text) : meant;
    return { text, from, to };
  });

interface Input {
  readonly text: string;
  readonly from: Dialect;
  readonly to: Dialect;
}

/** Between two of these, Ctrl-C is heard. */
const PART = 2_000;

/** Raw bytes, words of all notations in any order, programs broken in any way: read in one notation, printed in another. */
export async function fuzz(cases: number, seed: number, search: Search): Promise<number> {
  // The parser throws and catches many errors of its own, whose traces nobody reads.
  Error.stackTraceLimit = 0;
  const failure = ({ text, from, to }: Input) => survives(text, [from], [to]);
  let failures = 0;
  for (let done = 0; done < cases && failures < 5; done += PART) {
    const runs = Math.min(PART, cases - done);
    if (!(await search.next(runs))) break;
    failures += checkProperty("texts", input, runs, seed + done, failure);
  }
  return failures;
}
