import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { readCase } from "../syntax/readCase.ts";
import { applied, outcome } from "./cases.testing.ts";
import { applyStep } from "./driver.ts";
import { printed } from "./examples.testing.ts";

function sealing(sender: string, receiver: string): AnalyzedProgram {
  const text = [
    `component L {\n${sender.replaceAll(";", "\n")}\n}`,
    `component K {\n${receiver.replaceAll(";", "\n")}\n}`,
  ].join("\n");
  return analyze(readCase(text).program);
}

const step = { rewrite: "sendSealed", target: {} } as const;
const RULE = "d@async(K)(seal<x>,b)<-p(b),lg(x)";
const READ = "s(x,b)<-d(x,b); p@async(L)(x)<-a(x); lg@async(L)(x)<-b(x)";

test("the desugaring of section 7", () => {
  const result = applied(applyStep(sealing(RULE, READ), step));
  expect(printed(result.program)).toMatchInlineSnapshot(`
    "L
      d_part(s, 0, q, x, b)@async(addr("K")) :- p(b), lg(x), sealNumber_L(q), orig(s)
      d_count_L(count<x>, b, addr("K")) :- p(b), lg(x)
      d_size(s, 0, q, n, a1)@async(d) :- d_count_L(n, a1, d), sealNumber_L(q), orig(s)
      seals_L() :- d_count_L(_, _, _)
      sealNumber_L(0) :- boot(), !nextSealNumber_L(_)
      sealNumber_L(q) :- nextSealNumber_L(q)
      nextSealNumber_L(r)@next :- sealNumber_L(q), seals_L(), r := q + 1
      nextSealNumber_L(q)@next :- sealNumber_L(q), !seals_L()
    K
      s(x, b) :- d(x, b)
      p(x)@async(addr("L")) :- a(x)
      lg(x)@async(addr("L")) :- b(x)
      d_kept(s, w, q, x, a2) :- d_part(s, w, q, x, a2)
      d_kept(s, w, q, x, a2)@next :- d_kept(s, w, q, x, a2), !d_whole(s, w, q, a2)
      d_keptSize(s, w, q, n, a2) :- d_size(s, w, q, n, a2)
      d_keptSize(s, w, q, n, a2)@next :- d_keptSize(s, w, q, n, a2), !d_whole(s, w, q, a2)
      d_arrived(count<x>, s, w, q, a2) :- d_kept(s, w, q, x, a2)
      d_whole(s, w, q, a2) :- d_keptSize(s, w, q, n, a2), d_arrived(n, s, w, q, a2)
      d(x, a2) :- d_kept(s, w, q, x, a2), d_whole(s, w, q, a2)"
  `);
});

test("several rules that seal one relation stay apart (S-14); several columns become a tuple", () => {
  const two = `${RULE}; d@async(K)(seal<x,y>,b)<-q(b),lg(x),lg(y)`;
  const text = printed(applied(applyStep(sealing(two, READ), step)).program);
  expect(text).toContain("d_part(s, 0, q, x, b)");
  expect(text).toContain("d_part(s, 1, q, (x, y), b)");
});

test.each([
  ["a client", RULE, "p@async(L)(x)<-a(x); lg@async(L)(x)<-b(x)"],
  ["another way in", RULE, `${READ}; d@async(K)(x,1)<-a(x)`],
])("%s is refused", (_, sender, receiver) => {
  expect(outcome(applyStep(sealing(sender, receiver), step))).toBe("seal-receiver");
});

test("where nothing is sealed there is nothing to do", () => {
  expect(outcome(applyStep(sealing("d@async(K)(x,b)<-p(b),lg(x)", READ), step))).toBe(
    "fault: No rule seals anything.",
  );
});
