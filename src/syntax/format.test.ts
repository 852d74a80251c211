import { readdirSync, readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { arbitraryProgram } from "../program/arbitraryProgram.testing.ts";
import { printCompact } from "../program/printCompact.ts";
import { mollyText, prototypeText } from "./clauseTexts.testing.ts";
import type { Dialect } from "./dialect.ts";
import { DIALECTS } from "./dialect.ts";
import { format as laidOut } from "./format.ts";
import { hydroflowText } from "./hydroflowTexts.testing.ts";
import { mutated } from "./mutatedTexts.testing.ts";
import { printProgram } from "./printProgram.ts";
import { read } from "./read.ts";
import { scan } from "./tokens.ts";

const EXAMPLES = new URL("../../public/examples/", import.meta.url);

function format(text: string, dialect?: Dialect): string {
  const result = laidOut(text, dialect);
  return result.kind === "formatted" ? result.text : result.message;
}

test.each(readdirSync(EXAMPLES))("the example %s is formatted", (name) => {
  const text = readFileSync(new URL(`${name}/base.ded`, EXAMPLES), "utf8");
  expect(format(text)).toBe(text);
});

test("layout becomes canonical, comments and blank lines stay", () => {
  const text = `# head


edb e(a)={(1),(2)}
component  a   by x,y{ p(x):-q(x); r@next(x)<-p(x) // why
  // before
  s(x) :- p(x),   /* inside */
     !q(x)

  broken(x :- 3
 }
t(long_name_number_one, long_name_number_two) :- u(long_name_number_one), v(long_name_number_two), w(1)
// end`;
  expect(format(text)).toMatchInlineSnapshot(`
    "# head

    edb e(a) = { (1), (2) }

    component a by x, y {
      p(x) :- q(x)
      r(x)@next :- p(x) // why
      // before
      /* inside */
      s(x) :- p(x), !q(x)

      broken(x :- 3
    }

    t(long_name_number_one, long_name_number_two) :-
      u(long_name_number_one), v(long_name_number_two), w(1)
    // end
    "
  `);
});

test("a text with something that is no part of a rule stays as it is, and it is said why", () => {
  for (const text of [
    "p( x ) :- q(x)\n}",
    "\ncomponent a { p( x )",
    "q( x )\np( x ) § q(x)",
    "\np( x )|q( x )",
  ]) {
    const message = "Line 2 cannot be read as a rule, so the text stays as it is.";
    expect(laidOut(text)).toEqual({ kind: "refused", message });
  }
});

test("a listing loses its line numbers and what the PDF did to it, not its words", () => {
  const text = `// dialect: paper
component leader{
1 toStorage(val,sig,l’,t’) :− signed(val,sig,l,t), // to all
storageNodes(l’), delay((val,sig,l,t,l’),t’)
2 numACKs(count⟨src⟩,val,l,t) :− acks(src,val,l,t),¬done(val,l,t), val ≠ -1
3 acks(src,val,l,t′):−acks(src,val,l,t),t′=t+1
broken(x :- 3
durable   acks
}`;
  expect(format(text)).toMatchInlineSnapshot(`
    "// dialect: paper
    component leader {
      // to all
      toStorage(val, sig, l', t') :-
        signed(val, sig, l, t), storageNodes(l'), delay((val, sig, l, t, l'), t')
      numACKs(count<src>, val, l, t) :- acks(src, val, l, t), !done(val, l, t), val != -1
      acks(src, val, l, t') :- acks(src, val, l, t), t' = t+1
      broken(x :- 3
      durable acks
    }
    "
  `);
});

test("Hydroflow datalog is laid out where it stands, and the Rust around it is left alone", () => {
  const text = `fn  main( ) {
  let a = datalog!(r#"
      .input   q \`source( x )\`
      p@( i%n )(x,count( * )):~q(x,*y),( x==2*(y-1) ),!r(_)  . # sent
        # a comment
      s( 0-1 ):-t( ( a,_ ) )
    "#);
  let b = datalog!("p( x ):-q(x)");
  let c = datalog!("s(x) :- t(x) \\n
  u(x)   :- t(x)");
}
`;
  expect(format(text)).toMatchInlineSnapshot(`
    "fn  main( ) {
      let a = datalog!(r#"
          .input q \`source( x )\`
          p@(i % n)(x, count(*)) :~ q(x, *y), (x == 2 * (y - 1)), !r(_). # sent
          # a comment
          s(0 - 1) :- t((a, _))
        "#);
      let b = datalog!("p( x ):-q(x)");
      let c = datalog!("s(x) :- t(x) \\n
      u(x)   :- t(x)");
    }
    "
  `);
});

test("clauses of Molly's and the prototype notation are laid out", () => {
  const molly = `include   "x.ded" ;got(D,M)@async:-got(N,M),notin  crash(N,N,_)@1 // sent
,M==-1+ 2 , notin @odd(N)
; known(N,count< M >):-got(N,M)
/* over
   lines */
5(N) :- a.b(N , "x;" )`;
  expect(format(molly)).toMatchInlineSnapshot(`
    "include "x.ded";
    // sent
    got(D, M)@async :- got(N, M), notin crash(N, N, _)@1, M == -1 + 2, notin @odd(N);
    known(N, count<M>) :- got(N, M);
    /* over
       lines */
    5(N) :- a.b(N, "x;");
    "
  `);
  const prototype = `% dialect: prototype
wait( #D,N )@async<-counter(N,_)@T,peer(#Here,D),D=/=Here,T>=2.
stopped:-counter(10,_)@3;elected(X):-choose((X),(Y,X)),not  stopped,K=X*-2`;
  expect(format(prototype)).toMatchInlineSnapshot(`
    "% dialect: prototype
    wait(#D, N)@async <- counter(N, _)@T, peer(#Here, D), D =/= Here, T >= 2.
    stopped :- counter(10, _)@3;
    elected(X) :- choose((X), (Y, X)), not stopped, K = X * -2;
    "
  `);
});

test("a rule too long for a line has its body on the next, in every notation", () => {
  const atoms = Array.from({ length: 6 }, (_, i) => `a_long_relation_${i}(L, X)`);
  const long = `head(L, X) :- ${atoms.join(", ")};\n`;
  expect(format(long)).toBe(`head(L, X) :-\n  ${atoms.join(", ")};\n`);
  expect(format(format(long))).toBe(format(long));
});

test("formatting keeps the program and every comment, and formatting again changes nothing", () => {
  const blank = fc.constantFrom(" ", "\n", "\n\n", "\t", " // c1\n", " /* c2 */ ", "\n# c3\n");
  fc.assert(
    fc.property(arbitraryProgram, fc.infiniteStream(blank), (program, blanks) => {
      const text = scattered(printCompact(program), blanks);
      const formatted = format(text);
      const options = { dialect: "compact" } as const;
      expect(read(formatted, options).program).toEqual(read(text, options).program);
      expect(comments(formatted)).toEqual(comments(text));
      expect(format(formatted)).toBe(formatted);
    }),
    { numRuns: 150 },
  );
});

const NOTATIONS: readonly (readonly [Dialect, fc.Arbitrary<string>])[] = [
  ["hydroflow", hydroflowText],
  ["molly", mollyText],
  ["prototype", prototypeText],
  [
    "paper",
    arbitraryProgram.map((program) => {
      const printed = printProgram(program, "paper", () => false);
      return printed.kind === "text" ? printed.text : "p(x,l,t) :- q(x,l,t)";
    }),
  ],
];

test.each(NOTATIONS)(
  "what %s's grammar gives keeps its program and its comments, and is laid out once for all",
  (dialect, texts) => {
    const blank = fc.constantFrom(" ", "\n", "\n\n", "\t", " // c1\n", "\n// c3\n");
    fc.assert(
      fc.property(texts, fc.infiniteStream(blank), (written, blanks) => {
        const text = dialect === "paper" ? scattered(written, blanks) : written;
        const result = laidOut(text, dialect);
        if (result.kind === "refused") throw new Error(result.message);
        const [before, after] = [read(text, { dialect }), read(result.text, { dialect })];
        expect(after.program).toEqual(before.program);
        expect(format(result.text, dialect)).toBe(result.text);
        const ink = (t: string): string => t.replace(/[\s;]/g, "");
        // Comments in a rule move before it.
        if (!/\/\/|#|%|\/\*/.test(text)) expect(ink(result.text)).toBe(ink(text));
      }),
      { numRuns: 100 },
    );
  },
);

test.each(DIALECTS)("what is printed in %s is laid out already", (dialect) => {
  fc.assert(
    fc.property(arbitraryProgram, (program) => {
      const printed = printProgram(program, dialect, () => false);
      if (printed.kind === "text") expect(format(printed.text, dialect)).toBe(printed.text);
    }),
    { numRuns: 150 },
  );
});

test("of a broken text nothing is lost either, and no text ends in an exception", () => {
  fc.assert(
    fc.property(
      mutated(fc.oneof(...NOTATIONS.map(([, texts]) => texts))),
      fc.constantFrom(...DIALECTS),
      (text, dialect) => {
        const result = laidOut(text, dialect);
        if (result.kind === "refused") return;
        const [before, after] = [read(text, { dialect }), read(result.text, { dialect })];
        expect(after.program).toEqual(before.program);
        expect(after.broken.length).toBe(before.broken.length);
      },
    ),
    { numRuns: 300 },
  );
});

/** With other blanks after commas and line ends, outside strings. */
function scattered(text: string, blanks: Iterator<string>): string {
  const next = (): string => blanks.next().value as string;
  return text.replace(/"(?:[^"\\]|\\.)*"|,|\n/g, (piece) =>
    piece === "," ? `,${next()}` : piece === "\n" ? `\n${next()}` : piece,
  );
}

function comments(text: string): readonly string[] {
  return scan(text).comments.map((c) => c.image.trim());
}
