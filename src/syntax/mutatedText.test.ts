import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Span } from "../program/diagnostic.ts";
import { printCompact } from "../program/printCompact.ts";
import { DIALECTS } from "./dialect.ts";
import { read } from "./read.ts";

const KVS = readFileSync(new URL("../../public/examples/kvs/base.ded", import.meta.url), "utf8");
const PIECES = [
  ..."(){}[]<>,.;:!@|_'\"\\/+-*%=#$\n \u00a0’−¬⟨é\u0000",
  ":-",
  "<-",
  ":=",
  "@next",
  "@async(",
  "component x {",
  "count<",
  "edb e(a) = {",
  "addr(",
  "/*",
  "//",
  "delay((",
  "t'=t+1",
  "self",
  "99999999999999999999",
];

/** Whatever the text: no exception, spans inside the text, and a program that prints and reads again as itself. */
function checkRead(text: string): void {
  for (const dialect of DIALECTS) {
    const result = read(text, { dialect });
    const inside = (span: Span): boolean =>
      0 <= span.start && span.start <= span.end && span.end <= text.length;
    for (const { span, message } of result.diagnostics) {
      expect(inside(span)).toBe(true);
      expect(message).toMatch(/\.$/);
    }
    for (const spans of result.sourceMap.rules.values()) {
      const all = [spans.rule, spans.head, ...spans.headTerms, ...spans.literals];
      expect([...all, ...spans.terms.flat(), ...spans.names.map((n) => n.span)].every(inside)).toBe(
        true,
      );
    }
    const again = read(printCompact(result.program), { dialect: "compact" });
    expect(again.program).toEqual(result.program);
  }
}

test("any characters at all", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), checkRead), {
    numRuns: 300,
  });
});

test("raw bytes taken for text", () => {
  const bytes = fc.uint8Array({ maxLength: 300 }).map((a) => String.fromCharCode(...a));
  fc.assert(fc.property(bytes, checkRead), { numRuns: 300 });
});

test("words of the language in any order", () => {
  const words = fc.array(fc.constantFrom(...PIECES, "p", "x", "p(x)", "q(x, y)", "1"), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(
      words.map((w) => w.join("")),
      checkRead,
    ),
    { numRuns: 500 },
  );
});

test("a program with pieces cut out, put in and moved", () => {
  const edit = fc.record({
    at: fc.nat(KVS.length),
    length: fc.nat(12),
    text: fc.oneof(fc.constantFrom(...PIECES), fc.constant("")),
  });
  const mutated = fc.array(edit, { minLength: 1, maxLength: 6 }).map((edits) => {
    let text = KVS;
    for (const { at, length, text: piece } of edits) {
      text = text.slice(0, at) + piece + text.slice(at + length);
    }
    return text;
  });
  fc.assert(fc.property(mutated, checkRead), { numRuns: 150 });
});
