import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import { printCompact } from "../program/printCompact.ts";
import { programOf, randomCase } from "./randomComponent.testing.ts";

/** What the fuzzers are to meet (docs/language.md), as it is printed. */
const CONSTRUCTS: readonly (readonly [string, RegExp])[] = [
  ["rule without a body", /^ +\w+\([^:]*\)(@next)?$/m],
  ["negation", /[ ,]!p\d/],
  ["negation with a wildcard", /!\w+\([^()]*_/],
  ["count of several", /count<\w+, ?\w+>/],
  ["sum", /sum<\w+>/],
  ["min", /min<\w+>/],
  ["max", /max<\w+>/],
  ["collect", /collect<\w+>/],
  ["persistence with a deletion condition", /(p\d)\((.*)\)@next :- \1\(\2\), !/],
  ["aggregate carried over", /<\w+>.*@next/],
  ["aggregate sent", /<\w+>.*@async/],
  ["destination from data", /@async\(d\)/],
  ["message to itself", /@async\(addr\("me"\)\)/],
  ["self", /self\(\w\)/],
  ["tick", /tick\(\w\)/],
  ["function", /half\(\w, \w\)/],
  ["function of two outputs", /split\(/],
  ["test", /[ !]even\(/],
  ["negated test", /!even\(/],
  ["standard function", /hash\(|len\(|concat\(/],
  ["assignment", /\w := /],
  ["comparison", /\w (<|<=|>|>=|!=|==) \w/],
  ["comparison of arithmetic", /% 4 (<|<=|>|>=|!=|==) \w/],
  ["pattern of a tuple", /:-.*\w\([^)]*\(\w, \w\)/],
  ["empty tuple", /\(\)\)/],
  ["tuple of one", /\(\w,\)/],
  ["string", /"s"/],
  ["bytes", /0x/],
  ["boolean", /true|false/],
  ["large integer", /4611686018427387904/],
];

test("random components are well-formed and use the whole language", () => {
  const texts = Array.from({ length: 1_500 }, (_, seed) => {
    const p = analyze(programOf(randomCase(seed).rules));
    const faults = p.faults.filter((f) => f.severity === "error" && f.code !== "type-conflict");
    expect(faults).toEqual([]);
    return printCompact(p.program).replace(/^[^]*component/, "component");
  });
  const missing = CONSTRUCTS.filter(([, form]) => !texts.some((text) => form.test(text)));
  expect(missing.map(([name]) => name)).toEqual([]);
});
