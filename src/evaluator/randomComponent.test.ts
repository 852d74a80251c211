import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import { printCompact } from "../program/printCompact.ts";
import { compile } from "./compile.ts";
import { randomBulk } from "./randomBulk.testing.ts";
import { ENVIRONMENT, programOf, randomCase } from "./randomComponent.testing.ts";

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
  ["choose in a head", /choose<\w+>/],
  ["choose in a body", /choose\(\(.*\), \(.*\)\)/],
  ["index", /index\(i\)/],
  ["index of groups", /<\w+>.* :- .*index\(i\)/],
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
  ["negated function", /!half\(/],
  ["hash", /hash\([^,]+, \w+\)/],
  ["first bits of a hash", /hash\([^,]+, 2, \w+\)/],
  ["length", /len\(/],
  ["concatenation", /concat\(/],
  ["partition", /partition\(/],
  ["message authentication", /hmac\(/],
  ["signature with the node's key", /[ (]sign\([^,]+, \w+\)/],
  ["signature with a key", /[ (]sign\([^,]+, [^,]+, \w+\)/],
  ["verification with the keys trusted", /[ (]verify\([^,]+, [^,]+\)/],
  ["verification with a key", /[ (]verify\([^,]+, [^,]+, [^,]+\)/],
  ["negated verification", /!verify\(/],
  ["encryption", /encrypt\(/],
  ["decryption", /[ (]decrypt\(/],
  ["negated decryption", /!decrypt\(/],
  ["node's own key", /mykey\(/],
  ["keys that are trusted", /trusted\(/],
  ["everybody's key", /publicKey\(/],
  ["original node", /orig\(/],
  ["addition", / \+ /],
  ["subtraction", / - /],
  ["multiplication", / \* /],
  ["division", / \/ /],
  ["remainder", / % \w/],
  ["arithmetic of arithmetic", /\w [-+*/%] \w+\)? [-+*/%] \w+\)? [-+*/%] \w/],
  ["arithmetic in a positive literal", /(:- |, )[empsa]\w*\([^()!]*% 4/],
  ["timer", /[ !]e0\(\)/],
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

test("large random components hold more rows than tables keep space for, lose them and go on", () => {
  for (let seed = 0; seed < 3; seed++) {
    const { rules, schedule } = randomBulk(seed);
    const p = analyze(programOf(rules));
    expect(p.faults.filter((f) => f.severity === "error" && f.code !== "type-conflict")).toEqual(
      [],
    );
    const engine = compile(p, "c").start(ENVIRONMENT);
    const held = schedule.map((arrived) => {
      engine.tick(arrived);
      return engine.facts("p1").length;
    });
    const most = held.findIndex((rows) => rows > 4_096);
    expect(held.slice(most, -1).some((rows) => most >= 0 && rows < 1_200)).toBe(true);
  }
});
