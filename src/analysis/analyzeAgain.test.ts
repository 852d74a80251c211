import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { arbitraryProgram } from "../program/arbitraryProgram.testing.ts";
import { keepParts } from "../program/keepParts.ts";
import type { Program } from "../program/program.ts";
import { mutated } from "../syntax/mutatedTexts.testing.ts";
import { ParsedRules } from "../syntax/parsedRules.ts";
import { read } from "../syntax/read.ts";
import { analyze } from "./analyze.ts";

// What is known of a component is kept while the component is the same: nobody may notice.

const EXAMPLES = ["kvs", "voting", "paxos"].map((name) =>
  readFileSync(new URL(`../../public/examples/${name}/base.ded`, import.meta.url), "utf8"),
);

function asAfresh(program: Program): void {
  const again = analyze(program);
  const afresh = analyze(structuredClone(program));
  expect(again.faults).toEqual(afresh.faults);
  expect(again.relations).toEqual(afresh.relations);
  expect(again.rules).toEqual(afresh.rules);
}

test("an edited program is analysed as it is afresh", () => {
  const edited = fc
    .constantFrom(...EXAMPLES)
    .chain((text) => fc.array(mutated(fc.constant(text)), { minLength: 2, maxLength: 4 }));
  fc.assert(
    fc.property(edited, (texts) => {
      const known = new ParsedRules();
      for (const text of texts) asAfresh(read(text, { dialect: "compact", known }).program);
    }),
    { numRuns: 25 },
  );
});

test("so is any program that has rules of another one", () => {
  fc.assert(
    fc.property(arbitraryProgram, arbitraryProgram, fc.boolean(), (before, after, declares) => {
      analyze(before);
      const { declarations } = declares ? after : before;
      // Other declarations give the same rules another meaning.
      asAfresh(keepParts(before, { ...before, declarations: after.declarations }));
      asAfresh(keepParts(before, { ...after, declarations }));
    }),
    { numRuns: 60 },
  );
});

test("a function that is declared gives the same rules other types and other faults", () => {
  const known = new ParsedRules();
  const rules = "component a { p(x, y) :- q(x), f(x, y) }";
  const texts = [
    rules,
    `function f(x: int -> y: int)\n${rules}`,
    `function f(x: string -> y: int)\n${rules}`,
    `function f(x, y ->)\n${rules}`,
    rules,
  ];
  for (const text of texts) asAfresh(read(text, { dialect: "compact", known }).program);
});

test("what contradicts across components is said with its places", () => {
  const known = new ParsedRules();
  const a = "component a { p(1)@async(l) :- q(l) }\n";
  const b = 'component b { r(x) :- p(x), x == "one" }';
  for (const text of [a, `${a}${b}`, b]) {
    const { program } = read(text, { dialect: "compact", known });
    asAfresh(program);
    expect(analyze(program).faults.map(({ code }) => code)).toEqual(
      text === `${a}${b}` ? ["type-conflict"] : [],
    );
  }
});
