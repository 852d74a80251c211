import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { EvaluationError } from "../evaluator/evaluationError.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { nodeCrypto } from "../harness/nodeCrypto.ts";
import type { RelationName, Rule } from "../program/program.ts";
import { rowToJson } from "../program/valueJson.ts";
import { rowKey, type Row } from "../program/value.ts";
import {
  FAILURE_FREE,
  missedPost,
  rowsAtEnd,
  runMolly,
  unmatchedPre,
  withoutNowhere,
} from "../simulator/mollyRun.ts";
import type { MollyRun, MollyScenario } from "../simulator/mollyRun.ts";
import { namedNodes } from "../simulator/namedNodes.ts";
import { oneDatabase } from "../simulator/oneDatabase.ts";
import { pinnedRule } from "../syntax/pinnedRules.ts";
import { mollyValue } from "../syntax/printMolly.ts";
import { sentRelation, sentRule } from "../syntax/sentRules.ts";
import type { Loaded } from "./load.ts";
import { mollySettings } from "./mollyScenario.ts";
import type { MollyOptions, MollySettings } from "./mollyScenario.ts";
import { print, printJson, Stop } from "./output.ts";

/** Runs a program as Molly does (language.md section 2); a fact of `pre` that `post` lacks ends the command with 1. */
export function simulateMolly(
  { file, analyzed: { program } }: Loaded,
  options: MollyOptions & { readonly json?: boolean },
): void {
  const [component] = program.components;
  if (component === undefined) throw new Stop(`${file} has no rules.`);
  const settings = mollySettings(options, namedNodes(program));
  const p = analyze(oneDatabase(program, component));
  const fault = p.faults.find((f) => f.severity === "error");
  if (fault !== undefined) throw new Stop(`${file} cannot run in step: ${fault.message}`);
  const run = runOf(p, settings, settings.scenario);
  const failureFree = runOf(p, settings, FAILURE_FREE);
  report(settings, run, failureFree, component.rules, options.json === true);
}

function runOf(
  p: AnalyzedProgram,
  { nodes, eot }: MollySettings,
  scenario: MollyScenario,
): MollyRun {
  const functions = standardFunctions(nodeCrypto);
  try {
    return runMolly(p, { nodes, eot, scenario, edb: new Map(), functions });
  } catch (error) {
    if (error instanceof EvaluationError) throw new Stop(error.message);
    throw error;
  }
}

function report(
  settings: MollySettings,
  run: MollyRun,
  failureFree: MollyRun,
  rules: readonly Rule[],
  json: boolean,
): void {
  warnOfUnsent(settings, run);
  const missing = unmatchedPre(run);
  const violations = new Set(missedPost(failureFree, run).map(rowKey));
  const isViolation = (row: Row): boolean => violations.has(rowKey(row));
  if (json) printJson(asJson(settings, run, rules, missing, isViolation));
  else printRun(settings, run, rules, missing);
  const [first] = missing;
  if (first === undefined) return;
  const { crashes, losses } = settings.scenario;
  const unharmed = crashes.length + losses.length === 0;
  const without = isViolation(first) ? "; without failures it does" : ", without failures either";
  throw new Stop(
    `${factText("pre", first)} holds at tick ${settings.eot} and ${factText("post", first)} does not${unharmed ? "" : without}.`,
  );
}

/** An omission where nothing is sent may be meant: what another one prevents. It is said all the same. */
function warnOfUnsent({ scenario }: MollySettings, run: MollyRun): void {
  for (const { from, to, tick } of scenario.losses) {
    const isSent = run.messages.some((m) => m.from === from && m.to === to && m.tick === tick);
    if (isSent) continue;
    process.stderr.write(`${from} sends nothing to ${to} at tick ${tick}; nothing to lose.\n`);
  }
}

function printRun(
  { nodes, eot }: MollySettings,
  run: MollyRun,
  rules: readonly Rule[],
  missing: readonly Row[],
): void {
  const lost = run.messages.filter((m) => !m.arrives).length;
  print(`Ticks 1 to ${eot} at ${nodes.join(", ")}; ${run.messages.length} messages, ${lost} lost`);
  for (const relation of ["pre", "post"]) {
    const rows = rowsAtEnd(run, relation);
    const facts = rows.map((row) => `\n  ${factText(relation, row)}`);
    print(`${relation} at tick ${eot}:${rows.length === 0 ? " nothing" : facts.join("")}`);
  }
  const isAsked = rules.some((r) => r.head.relation === "pre");
  if (!isAsked) print("No rule derives pre, so nothing is asked of the run");
  else if (missing.length === 0) print("What pre holds, post holds too");
}

function asJson(
  { nodes, eot, eff, scenario }: MollySettings,
  run: MollyRun,
  rules: readonly Rule[],
  missing: readonly Row[],
  isViolation: (row: Row) => boolean,
): object {
  const end = (relation: RelationName): unknown => rowsAtEnd(run, relation).map(rowToJson);
  const copied = rules.filter((r) => sentRule(r) !== undefined).map((r) => r.head.relation);
  const sent = new Map(copied.map((relation) => [sentRelation(relation), relation]));
  const remembered = rules.filter((r) => pinnedRule(r) !== undefined).map((r) => r.head.relation);
  const madeUp = new Set([...sent.keys(), ...remembered]);
  return {
    nodes,
    eot,
    eff,
    crashes: scenario.crashes,
    omissions: scenario.losses,
    pre: end("pre"),
    post: end("post"),
    missing: missing.map((row) => ({ row: rowToJson(row), violation: isViolation(row) })),
    messages: run.messages.map((m) => ({
      ...m,
      relation: sent.get(m.relation) ?? m.relation,
      row: rowToJson(m.row),
    })),
    ticks: run.ticks.map((facts) =>
      Object.fromEntries(
        [...facts]
          .filter(([relation]) => !madeUp.has(relation))
          .map(([relation, rows]) => [relation, rows.map((r) => rowToJson(withoutNowhere(r)))]),
      ),
    ),
  };
}

function factText(relation: RelationName, row: Row): string {
  return `${relation}(${row.map(mollyValue).join(", ")})`;
}
