import { expect, test } from "vitest";
import { printCompact } from "../program/printCompact.ts";
import { read } from "./read.ts";

/** As it comes out of a PDF: line numbers, minus signs, typographic primes and brackets, wrapped lines, ligatures. */
const LISTING = `component leader {
1 signed(val,sig,l,t) :− in(val,l,t), sign(val,sig)
2 toStorage(val,sig,l’,t’) :− signed(val,sig,l,t),
storageNodes(l’), delay((val,sig,l,t,l’),t’)
3 con\ufb01rmed(src,sig,val,cnt,l,t) :− fromStorage(src,sig,val,cnt,l,t)
4 con\ufb01rmed(src,sig,val,cnt,l,t′) :− con\ufb01rmed(src,sig,val,cnt,l,t),
t′=t+1
5 numACKs(count⟨src⟩,val,cnt,l,t) :- con\ufb01rmed(src,sig,val,cnt,l,t)
6 certs(cert<sig>,val,cnt,l,t) :- confirmed(src,sig,val,cnt,l,t)
7 outCert(cer,val,l',t') :- certs(cer,val,cnt,l,t), numACKs(n,val,cnt,l,t),
\u00a0 \u00a0numNodes(n), client(l'), !blocked(val,l,t), delay((cer,val,l,t,l'),t')
}
component storage {
8 fromStorage(l,sig,val,n,l',t') :- toStorage(val,sig,l,t), ¬ seen(val,l,t), len(val,n),
leader(l'), delay((l,sig,val,n,l,t,l'),t')
9 seen(val,l,t') :- toStorage(val,sig,l,t), t' = t + 1
10 late(x,t,l,t) :- toStorage(x,sig,l,t), t ≥ 5, y = x + 1, y ≠ 3
}`;

test("a listing pasted from a PDF reads", () => {
  const result = read(LISTING);
  expect(result.diagnostics).toEqual([]);
  expect(result.dialect).toBe("paper");
  expect(printCompact(result.program)).toMatchInlineSnapshot(`
    "edb storageNodes(l)
    edb numNodes(n)
    edb client(l)
    edb leader(l)

    component leader {
      signed(val, sig) :- in(val), sign(val, sig)
      toStorage(val, sig)@async(l') :- signed(val, sig), storageNodes(l')
      confirmed(src, sig, val, cnt) :- fromStorage(src, sig, val, cnt)
      confirmed(src, sig, val, cnt)@next :- confirmed(src, sig, val, cnt)
      numACKs(count<src>, val, cnt) :- confirmed(src, sig, val, cnt)
      certs(collect<sig>, val, cnt) :- confirmed(src, sig, val, cnt)
      outCert(cer, val)@async(l') :-
        certs(cer, val, cnt), numACKs(n, val, cnt), numNodes(n), client(l'), !blocked(val)
    }

    component storage {
      fromStorage(l, sig, val, n)@async(l') :-
        toStorage(val, sig), !seen(val), len(val, n), leader(l'), self(l)
      seen(val)@next :- toStorage(val, sig)
      late(x, t) :- toStorage(x, sig), t >= 5, y := x + 1, y != 3, tick(t)
    }
    "
  `);
});

test("a number beside a line that goes on with a negated literal is no part of it", () => {
  const text = "1 r(x,l,t) :- q(x,l,t),\n2   !p(x,l,t), x!=3\n3 s(x,l,t) :- r(x,l,t)";
  const { program, diagnostics } = read(text, { dialect: "paper" });
  expect(diagnostics).toEqual([]);
  expect(printCompact(program)).toContain("r(x) :- q(x), !p(x), x != 3\n");
});

test("an EDB may carry location and time", () => {
  const text = "p(x,l',t') :- q(x,l,t), nodes(l',l,t), delay((x,l,t,l'),t')";
  const { program, diagnostics } = read(text);
  expect(diagnostics).toEqual([]);
  expect(program.declarations).toEqual([]);
  expect(printCompact(program)).toContain("p(x)@async(l') :- q(x), nodes(l')");
});

test("a relation declared edb keeps its terms, even when they are the location and the time", () => {
  const text = "edb pair(a, b)\np(l,t,l,t) :- q(l,t), pair(l,t)";
  const { program, diagnostics } = read(text, { dialect: "paper" });
  expect(diagnostics).toEqual([]);
  expect(printCompact(program)).toContain("p(l, t) :- q(), pair(l, t), self(l), tick(t)");
});

test("a location may be called self", () => {
  const print = (text: string): string => printCompact(read(text).program).split("\n")[1]!.trim();
  expect(print("p(x,self,t) :- q(x,self,t)")).toBe("p(x) :- q(x)");
  expect(print("p(self,self,t) :- q(x,self,t)")).toBe("p(l) :- q(x), self(l)");
});

test("the next tick may be data, the time of arrival may not", () => {
  const next = read("p(x,t',l,t') :- q(x,l,t), t'=t+1");
  expect(next.diagnostics).toEqual([]);
  expect(printCompact(next.program)).toContain("p(x, t')@next :- q(x), t' := t + 1, tick(t)");
  const arrival = read("p(x,t',l',t') :- q(x,l,t), n(l'), delay((x,l,t,l'),t')");
  expect(arrival.diagnostics.map((d) => d.code)).toEqual(["arrival-time"]);
});

/** What a printed listing gets wrong, where it is pointed at, and the text after the quick fix. */
test.each([
  ["p(x,l,t') :- q(x,l,t), t'=t+2", "time-arithmetic", "t'=t+2", "p(x,l,t') :- q(x,l,t), t'=t+1"],
  ["p(x,l,t') :- q(x,l,t), t'=t-1", "time-arithmetic", "t'=t-1", "p(x,l,t') :- q(x,l,t), t'=t+1"],
  ["p(x,l,t') :- q(x,l,t)", "unbound-time", "t'", "p(x,l,t') :- q(x,l,t), t'=t+1"],
  [
    "p(x,l',t') :- q(x,l,t), n(l')",
    "unbound-time",
    "t'",
    "p(x,l',t') :- q(x,l,t), n(l'), delay((x,l,t,l'),t')",
  ],
  ["p(x,l',t) :- q(x,l,t)", "remote-head", "l'", "p(x,l,t) :- q(x,l,t)"],
  [
    "p(x,l',t') :- q(x,l,t), n(l'), delay((x,l,t,l'),t2)",
    "delay-time",
    "t2",
    "p(x,l',t') :- q(x,l,t), n(l'), delay((x,l,t,l'),t')",
  ],
  [
    "p(hash1,l',t') :- q(hash1,l,t), n(l'), delay((hash2,l,t,l'),t')",
    "unbound-delayed",
    "hash2",
    "p(hash1,l',t') :- q(hash1,l,t), n(l'), delay((hash1,l,t,l'),t')",
  ],
  [
    "q(x,l,t) :- in(x,l,t)\np(x,l,t) :- q(x,l,t), q(y,l2,t)",
    "place",
    "l2",
    "q(x,l,t) :- in(x,l,t)\np(x,l,t) :- q(x,l,t), q(y,l,t)",
  ],
  ["p(x,l,t) :- q(x,l,t), s(x,l2,t)", "place", "l2", "p(x,l,t) :- q(x,l,t), s(x,l,t)"],
])("%s", (text, code, at, fixed) => {
  const result = read(text, { dialect: "paper" });
  expect(result.diagnostics.map((d) => d.code)).toEqual([code]);
  const [{ span, fix }] = result.diagnostics as [(typeof result.diagnostics)[number]];
  expect(text.slice(span.start, span.end)).toBe(at);
  const edit = fix!.edits[0]!;
  expect(text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end)).toBe(fixed);
  expect(read(fixed, { dialect: "paper" }).diagnostics).toEqual([]);
});

test.each([
  ["p(x) :- q(x,l,t)", "no-location-time"],
  ["p(x,l,t) :- q(x,l,t), p(x)", "no-location-time"],
  ["p(x,l,t)@next :- q(x,l,t)", "tag"],
  ["p(x,l,t) :- q(x,l,t), e(x,l,t)\nr(x,l,t) :- q(x,l,t), e(x)", "two-ways"],
  ["p(x,l,t') :- q(x,l,t), t'=t+1, delay((x),t')", "two-times"],
  ["p(x,l',t') :- q(x,l,t), n(l'), delay(t')", "delay"],
])("%s gets the diagnostic %s and is drawn all the same", (text, code) => {
  const result = read(text, { dialect: "paper" });
  expect(result.diagnostics.map((d) => d.code)).toContain(code);
  expect(result.broken).toEqual([]);
  expect(result.program.components[0]!.rules[0]!.head.relation).toBe("p");
});

test("the spans of a paper rule are those of what is left of it", () => {
  const text = "p(x,l',t') :- q(x,l,t), n(l'), delay((x,l,t,l'),t')";
  const spans = read(text).sourceMap.rules.get("main/p/1")!;
  const at = (span: { start: number; end: number }): string => text.slice(span.start, span.end);
  expect(spans.literals.map(at)).toEqual(["q(x,l,t)", "n(l')"]);
  expect(spans.terms.map((t) => t.map(at))).toEqual([["x"], ["l'"]]);
  expect(spans.headTerms.map(at)).toEqual(["x"]);
  expect(at(spans.destination!)).toBe("l'");
});
