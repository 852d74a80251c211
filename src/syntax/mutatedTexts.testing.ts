import * as fc from "fast-check";

/** Pieces of all notations, of which most are wrong where they come to stand. */
export const PIECES = [
  ..."(){}[]<>,.;:!@|_'\"\\/+-*%=#$\n `\u00a0’−¬⟨é\u0000",
  ..."\ud800",
  ":-",
  ":~",
  ":+",
  "<-",
  "=/=",
  "@next",
  "@async",
  "@1",
  "@async(",
  "notin ",
  'include "',
  "component x {",
  "// clew: ",
  "// clew: component x by",
  ".input q `",
  ".persist ",
  "count<",
  "count(*)",
  "index()",
  "choose((X),(",
  "successor(",
  'datalog!(r#"',
  '"#',
  "/*",
  "%",
  "delay((",
  "self",
  "_everywhere",
  "_at_1",
  "99999999999999999999",
] as const;

/** A text with pieces cut out, put in and moved. */
export function mutated(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const edit = fc.record({
    at: fc.nat(10_000),
    length: fc.nat(12),
    piece: fc.oneof(fc.constantFrom(...PIECES), fc.constant("")),
  });
  return fc.tuple(text, fc.array(edit, { minLength: 1, maxLength: 6 })).map(([whole, edits]) => {
    let result = whole;
    for (const { at, length, piece } of edits) {
      const place = at % (result.length + 1);
      result = result.slice(0, place) + piece + result.slice(place + length);
    }
    return result;
  });
}
