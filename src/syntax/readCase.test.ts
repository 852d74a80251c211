import { expect, test } from "vitest";
import { printCompact } from "../program/printCompact.ts";
import { readCase } from "./readCase.ts";

test("a case is one component with a left and a right side", () => {
  const { program, left, right, diagnostics } = readCase(
    "b@async(d)(x)<-req(x),peers(d) | v(s,x)<-vote(s,x); v@next(s,x)<-v(s,x),!com(x); b@async(c)(x)<-v(x,_)",
  );
  expect(diagnostics).toEqual([]);
  expect(left).toEqual(["L/b/1"]);
  expect(right).toEqual(["L/v/1", "L/v/2", "L/b/2"]);
  expect(printCompact(program)).toMatchInlineSnapshot(`
    "component L {
      b(x)@async(d) :- req(x), peers(d)
      v(s, x) :- vote(s, x)
      v(s, x)@next :- v(s, x), !com(x)
      b(x)@async(addr("c")) :- v(x, _)
    }
    "
  `);
});

test("only a destination that nothing binds becomes an address", () => {
  const { program } = readCase(
    "a@async(K)(x)<-p(x); b@async(d)(x)<-p(x),d:=x; c@async(x)(x)<-p(x),!q(d)",
  );
  const destinations = program.components[0]!.rules.map(({ head }) =>
    head.timing.kind === "async" ? head.timing.destination.kind : head.timing.kind,
  );
  expect(destinations).toEqual(["constant", "variable", "variable"]);
});

test("without a bar everything is left", () => {
  expect(readCase("p(x)<-q(x); r(x)<-p(x)")).toMatchObject({
    left: ["L/p/1", "L/r/1"],
    right: [],
  });
});
