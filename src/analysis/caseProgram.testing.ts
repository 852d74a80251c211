import { expect } from "vitest";
import { readCase } from "../syntax/readCase.ts";
import type { Place } from "../program/evidence.ts";
import type { Program, RuleId } from "../program/program.ts";
import { analyze } from "./analyze.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import type { Finding } from "./finding.ts";
import { occurrencesByRelation } from "./occurrences.ts";
import { complement, type RuleSet } from "./ruleSets.ts";

/** EDB in all cases of the specification, beside what a case names itself. */
const EDB = ["dom", "peers", "num", "nodes", "acc", "co", "rep", "boot", "acceptors"];

export interface CaseOptions {
  readonly edb?: readonly string[];
  /** Inputs from clients; every other relation that nobody derives is sent by `K`. */
  readonly env?: readonly string[];
  /** More rules of K. */
  readonly K?: string;
  /** Declarations. */
  readonly declare?: string;
}

export interface CaseProgram {
  readonly p: AnalyzedProgram;
  /** The rules left and right of the bar, of component `L`. */
  readonly c1: RuleSet;
  readonly c2: RuleSet;
}

/** A case in the shorthand of the specification, `rules | rules`, as component `L` beside the component `K` it talks to. */
export function caseProgram(text: string, options: CaseOptions = {}): CaseProgram {
  const [left = "", right = ""] = text.split(" | ");
  const numbered = rulesIn(left);
  const p = analyzed(`component L { ${block(left)}\n${block(right)} }`, options);
  const all = p.program.components.find((c) => c.name === "L")!.rules.map((rule) => rule.id);
  const c2: RuleSet = { component: "L", rules: new Set(all.slice(numbered)) };
  return { p, c1: complement(p, c2), c2 };
}

/** The two sides of a case as components `C1` and `C2` that share nothing: what a mutually independent split gives. */
export function halves(text: string, options: CaseOptions = {}): AnalyzedProgram {
  const [left = "", right = ""] = text.split(" | ");
  return analyzed(`component C1 { ${block(left)} }\ncomponent C2 { ${block(right)} }`, options);
}

function block(rules: string): string {
  return rules.replaceAll(";", "\n");
}

function rulesIn(side: string): number {
  return side.split(";").length;
}

function analyzed(components: string, options: CaseOptions): AnalyzedProgram {
  const declared = [...EDB, ...(options.edb ?? [])];
  const bare = parse(components);
  const uses = occurrencesByRelation(bare);
  const extra = options.K === undefined ? [] : [block(options.K)];
  const sent = [...uses].flatMap(([relation, [first, ...rest]]) => {
    const derived = [first!, ...rest].some((use) => use.role === "head");
    if (derived || declared.includes(relation) || options.env?.includes(relation)) return [];
    if (["self", "tick", "index"].includes(relation) || isKnownFunction(relation)) return [];
    if (extra.some((rules) => rules.includes(`${relation}@async`))) return [];
    const terms = first!.terms.map((_, i) => `x${i + 1}`).join(", ");
    return [`${relation}@async(d)(${terms}) <- send_${relation}(${terms}), nodesOf(d)`];
  });
  const edb = [...declared, "nodesOf"]
    .flatMap((name) => {
      const arity = name === "nodesOf" ? 1 : uses.get(name)?.[0]?.terms.length;
      if (arity === undefined || name === "boot") return [];
      return [`edb ${name}(${Array.from({ length: arity }, (_, i) => `c${i + 1}`).join(", ")})`];
    })
    .join("\n");
  const k = [...sent, ...extra].join("\n");
  const text = `${edb}\n${options.declare ?? ""}\n${components}\n${k === "" ? "" : `component K { ${k} }`}`;
  const p = analyze(parse(text));
  const errors = p.faults.filter((fault) => fault.severity === "error");
  expect(errors, text).toEqual([]);
  return p;
}

function isKnownFunction(relation: string): boolean {
  return relation === "hash" || relation === "sign";
}

function parse(text: string): Program {
  const { program, diagnostics } = readCase(text);
  expect(
    diagnostics.filter((d) => d.severity === "error"),
    text,
  ).toEqual([]);
  return program;
}

/** The codes of findings, each once, in order. */
export function codes(findings: readonly Finding[]): readonly string[] {
  return [...new Set(findings.map((finding) => finding.code))];
}

/** A place as text: "4" for rule 4, "4:0" for its first literal, "4:head". */
export function placeText(p: AnalyzedProgram, place: Place): string {
  const number = (rule: RuleId): string => String(p.rules.get(rule)!.number);
  switch (place.kind) {
    case "rule":
      return number(place.rule);
    case "head":
      return `${number(place.rule)}:head`;
    case "literal":
      return `${number(place.rule)}:${place.index}`;
    case "relation":
      return place.relation;
    case "path":
      return place.rules.map(number).join(">");
  }
}

/** "code: statement [places]", one a line. */
export function report(p: AnalyzedProgram, findings: readonly Finding[]): string {
  return findings
    .map(
      ({ code, statement, evidence }) =>
        `${code}: ${statement} [${evidence.map((e) => placeText(p, e)).join(" ")}]`,
    )
    .join("\n");
}
