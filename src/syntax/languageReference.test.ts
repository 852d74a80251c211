import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { BUILTIN_FUNCTIONS } from "../program/functions.ts";
import { printCompact } from "../program/printCompact.ts";
import { printProgram } from "./printProgram.ts";
import { read } from "./read.ts";

const REFERENCE = readFileSync(new URL("../../docs/language.md", import.meta.url), "utf8");
const PROGRAMS = [...REFERENCE.matchAll(/^```dedalus\n(.*?)^```$/gms)].map((m) => m[1]!);

test("the reference has programs in all notations", () => {
  const dialects = PROGRAMS.map((text) => read(text).dialect);
  const count = (dialect: string): number => dialects.filter((d) => d === dialect).length;
  expect(count("compact")).toBeGreaterThan(10);
  expect(["paper", "hydroflow", "molly", "prototype"].map(count)).toEqual([2, 2, 2, 1]);
});

test.each(PROGRAMS)("a program of docs/language.md reads and prints: %s", (text) => {
  const result = read(text);
  expect(result.diagnostics).toEqual([]);
  expect(result.broken).toEqual([]);
  const printed = printCompact(result.program);
  expect(read(printed, { dialect: "compact" }).program).toEqual(result.program);
  if (result.dialect === "compact" || result.dialect === "paper") return;
  const own = printProgram(result.program, result.dialect, () => false);
  expect(own.kind === "text" && read(own.text).program).toEqual(result.program);
});

test("the reference names every function", () => {
  for (const { name, inputs, outputs } of BUILTIN_FUNCTIONS) {
    const terms = inputs.length + outputs.length;
    const literal = new RegExp(`\`${name}\\((?:[^,)\`]+, ){${terms - 1}}[^,)\`]+\\)`);
    expect(REFERENCE).toMatch(literal);
  }
});

test("the reference names every code of paper notation that has a quick fix", () => {
  for (const code of ["time-arithmetic", "unbound-time", "remote-head", "place", "delay-time"]) {
    expect(REFERENCE).toContain(`\`${code}\``);
  }
});
