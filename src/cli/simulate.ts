import { Command } from "commander";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { compile } from "../evaluator/compile.ts";
import { factText } from "../evaluator/evaluationError.ts";
import { RuleCosts, type RuleCost } from "../evaluator/ruleCosts.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { nodeCrypto } from "../harness/nodeCrypto.ts";
import { printRule } from "../program/printCompact.ts";
import type { RuleId } from "../program/program.ts";
import { rowToJson } from "../program/valueJson.ts";
import { countAnswers } from "../simulator/answers.ts";
import { selectedMessage } from "../simulator/faults.ts";
import type { Fault } from "../simulator/faults.ts";
import type { InvariantOutcome } from "../simulator/invariantOutcome.ts";
import { reasonSentence, violationSentence } from "../simulator/invariantText.ts";
import { busiestOf } from "../simulator/messageCounts.ts";
import { shivizLog } from "../simulator/shivizLog.ts";
import { createSimulation, simulationProblem } from "../simulator/simulation.ts";
import type { SimulationSettings } from "../simulator/simulationOptions.ts";
import type { Trace } from "../simulator/trace.ts";
import { traceText } from "../simulator/traceJson.ts";
import { loadFaults } from "./faultsFile.ts";
import type { FaultsFile } from "./faultsFile.ts";
import { asDialect, deploymentFor, good, load, loadGood, wholeNumber } from "./load.ts";
import type { Loaded } from "./load.ts";
import { MOLLY_OPTIONS } from "./mollyScenario.ts";
import type { MollyOptions } from "./mollyScenario.ts";
import { codeOfRules, print, printJson, progressLine, Stop, writeFile } from "./output.ts";
import { simulateMolly } from "./simulateMolly.ts";

interface Options extends MollyOptions {
  readonly from?: string;
  readonly deployment?: string;
  readonly seed?: string;
  readonly ticks?: string;
  readonly requests?: string;
  readonly faults?: string;
  readonly trace?: string;
  readonly shiviz?: string;
  readonly profile?: boolean;
  readonly json?: boolean;
}

/** `clew simulate FILE --deployment D.json`: one deterministic run; of a program of Molly's, one as Molly does it. */
export function simulateCommand(): Command {
  return new Command("simulate")
    .description("Run a program on a simulated cluster, deterministically from a seed.")
    .argument("<file>", "program file")
    .option(
      "--deployment <file>",
      "where it runs and what its clients do (default: beside the program)",
    )
    .option("--from <dialect>", "the notation, when it must not be detected")
    .option("--seed <n>", "seed of the network and the clients (default: the deployment's)")
    .option("--requests <n>", "how many requests the clients send")
    .option("--ticks <n>", "stop after so many ticks")
    .option(
      "--faults <file>",
      "what goes wrong: delays, losses, cut links, pauses, crashes, as JSON",
    )
    .option("--trace <file>", "write the whole run there, as JSON")
    .option("--shiviz <file>", "write the run there as a log with vector clocks, for ShiViz")
    .option(
      "--profile",
      "say what each rule cost: facts in, facts out, facts withdrawn, time, over all nodes",
    )
    .option("--json", "print the summary as JSON")
    .optionsGroup("A program in Molly's notation, without a deployment:")
    .option("--nodes <a,b,…>", "its nodes (default: those that it names)")
    .option("--eot <n>", "end of time: the last tick (default: 3)")
    .option(
      "--eff <n>",
      "end of finite failures: messages sent before it may be lost (default: --eot)",
    )
    .option("--crashes <c@2,…>", "who crashes and when: from then on it sends nothing")
    .option("--omissions <a:b@1,…>", "what is lost: sender, receiver and tick")
    .addHelpText(
      "after",
      "\nExample:\n  clew simulate public/examples/voting/base.ded --seed 7 --trace run.json\n  clew simulate broadcast.ded --eot 4 --omissions a:b@1",
    )
    .action((file: string, options: Options) => {
      const deployment = deploymentFor(file, options.deployment);
      const dialect = asDialect(options.from);
      const inStep = MOLLY_OPTIONS.find((name) => options[name] !== undefined);
      if (options.deployment === undefined && (deployment === undefined || inStep)) {
        const loaded = load(file, undefined, dialect);
        if (loaded.read.dialect === "molly") return runMollys(loaded, options);
      }
      if (inStep !== undefined) {
        const which = "a program in Molly's notation that runs without a deployment";
        throw new Stop(`--${inStep} is for ${which}.`, 2);
      }
      if (deployment === undefined) {
        throw new Stop(`${file} has no deployment beside it: name one with --deployment.`, 2);
      }
      const { analyzed } = loadGood(file, deployment, dialect);
      const problem = simulationProblem(analyzed);
      if (problem !== undefined) throw new Stop(problem);
      const faults = options.faults === undefined ? undefined : loadFaults(options.faults);
      if (faults !== undefined) reachesNothing(options.faults!, faults, analyzed);
      const costs = options.profile ? new RuleCosts(() => performance.now()) : undefined;
      const settings = { ...settingsFrom(options, deployment.seed), ...faults };
      const code = codeOfRules();
      const trace = run(analyzed, settings, costs);
      if (faults !== undefined) warnOfUnsent(options.faults!, faults, trace);
      if (options.trace !== undefined) writeFile(options.trace, `${traceText(trace)}\n`);
      if (options.shiviz !== undefined) writeFile(options.shiviz, shivizLog(trace));
      const summary = summarize(trace);
      const { invariants } = trace;
      if (options.json) {
        const stated = invariants && { invariants: invariants.map((o) => outcomeJson(trace, o)) };
        printJson({ ...summary, ...stated, code, ...(costs && { costs: costs.list() }) });
      } else {
        printSummary(summary);
        printInvariants(trace);
        if (costs !== undefined) printCosts(analyzed, costs.list());
      }
      if (trace.end.kind === "error") throw new Stop(trace.end.message);
      const isBroken = invariants?.some(({ kind }) => kind === "broken") ?? false;
      if (summary.unanswered.length > 0 || isBroken) throw new Stop("");
    });
}

/** The other options are about a simulated cluster and its clients. */
const OF_A_CLUSTER = ["seed", "requests", "ticks", "faults", "trace", "shiviz", "profile"] as const;

function runMollys(loaded: Loaded, options: Options): void {
  const other = OF_A_CLUSTER.find((name) => options[name] !== undefined);
  if (other !== undefined) {
    const message = `--${other} is for a run on a deployment, and ${loaded.file}, in Molly's notation, has none.`;
    throw new Stop(message, 2);
  }
  // Every fact at a tick makes the tick data; that is about rewrites, which are not asked for here.
  const diagnostics = loaded.diagnostics.filter((d) => d.code !== "tick-as-data");
  simulateMolly(good({ ...loaded, diagnostics }), options);
}

/** A fault at an address that nobody has would be silently nothing. */
function reachesNothing(file: string, { faults, branches }: FaultsFile, p: AnalyzedProgram): void {
  const clients = p.deployment?.clients.address;
  const nodes = new Set(Object.values(p.deployment?.instances ?? {}).flat());
  const ends = (fault: Fault): readonly string[] => {
    if ("node" in fault) return [fault.node];
    const { from, to } = "message" in fault ? fault.message : fault;
    return [from, to].filter((address) => address !== clients);
  };
  for (const fault of [...faults, ...branches.flatMap((branch) => branch.faults)]) {
    const unknown = ends(fault).find((address) => !nodes.has(address));
    if (unknown === undefined) continue;
    const known = [...nodes].join(", ");
    throw new Stop(`${file}: there is no node ${unknown} to ${fault.kind}; there are ${known}.`);
  }
}

/** A fault of a message that is never sent may be meant: what another fault prevents. It is said all the same. */
function warnOfUnsent(file: string, { faults, branches }: FaultsFile, trace: Trace): void {
  for (const fault of [...faults, ...branches.flatMap((branch) => branch.faults)]) {
    if (!("message" in fault) || selectedMessage(trace, fault.message) !== undefined) continue;
    const { from, to, occurrence } = fault.message;
    const which = occurrence === 0 ? "" : `, sending ${occurrence + 1}`;
    process.stderr.write(
      `${file}: this run never sends ${factText(fault.message)} from ${from} to ${to}${which}; nothing to ${fault.kind}.\n`,
    );
  }
}

function settingsFrom(options: Options, seed: number): SimulationSettings {
  return {
    seed: options.seed === undefined ? seed : wholeNumber("--seed", options.seed, 0, 2 ** 32 - 1),
    ...(options.ticks !== undefined && { maxTicks: wholeNumber("--ticks", options.ticks, 1, 1e9) }),
    ...(options.requests !== undefined && {
      requests: wholeNumber("--requests", options.requests, 1, 1e7),
    }),
  };
}

function run(
  p: AnalyzedProgram,
  settings: SimulationSettings,
  costs: RuleCosts | undefined,
): Trace {
  const line = progressLine();
  const simulation = createSimulation(p, {
    ...settings,
    engine: (program, component) => compile(program, component, costs && { costs }),
    functions: standardFunctions(nodeCrypto),
    crypto: nodeCrypto,
  });
  while (simulation.advance(1000) === "running") {
    const { answered, requests, ticks } = simulation.progress();
    line.show(`${answered} of ${requests} requests answered, ${ticks} ticks`);
  }
  line.clear();
  return simulation.trace();
}

function summarize(trace: Trace) {
  const { requests, answered, unanswered, answers } = countAnswers(trace);
  const busiest = busiestOf(trace);
  return {
    seed: trace.seed,
    end: trace.end,
    requests,
    answered,
    unanswered,
    answers,
    messages: trace.messages.length,
    ticks: trace.ticks.length,
    nodes: trace.nodes.length,
    busiest,
  };
}

function printSummary(summary: ReturnType<typeof summarize>): void {
  const { end, busiest } = summary;
  print(`${summary.answered} of ${summary.requests} requests answered, seed ${summary.seed}`);
  if (summary.unanswered.length > 0) {
    print(
      `Without an answer: ${summary.unanswered.slice(0, 10).join(", ")}${summary.unanswered.length > 10 ? ", …" : ""}`,
    );
  }
  print(
    `${summary.nodes} nodes, ${summary.messages} messages, ${summary.ticks} ticks, ${end.at.toFixed(1)} ms simulated (${END[end.kind]})`,
  );
  if (busiest) {
    print(
      `Busiest node: ${busiest.address}, ${busiest.messagesPerCommand.toFixed(1)} messages per command`,
    );
  }
}

/** What the program says must hold: what is broken first, each with the fact, its moment and what it follows from. */
function printInvariants(trace: Trace): void {
  const { invariants = [] } = trace;
  for (const outcome of invariants) {
    if (outcome.kind !== "broken") continue;
    for (const violation of outcome.violations) {
      const sentences = [
        violationSentence(trace, outcome, violation, factText),
        reasonSentence(outcome, violation, factText),
      ];
      print(`Broken: ${sentences.join(" ").trim().replaceAll("`", "")}`);
    }
    const more = outcome.found - outcome.violations.length;
    if (more > 0) print(`  and ${more} more of ${outcome.relation}`);
  }
  const held = invariants.flatMap((o) => (o.kind === "held" ? [o.relation] : []));
  if (held.length > 0) print(`Held in this run: ${held.join(", ")}`);
  for (const o of invariants) {
    if (o.kind === "unchecked") print(`Not checked: ${o.relation}. ${o.why.replaceAll("`", "")}`);
  }
}

/** With the node and the number of its tick in place of the run's. */
function outcomeJson({ ticks, nodes }: Trace, outcome: InvariantOutcome): object {
  if (outcome.kind !== "broken") return outcome;
  const violations = outcome.violations.map(({ row, at, tick, because }) => {
    const ran = tick === undefined ? undefined : ticks[tick];
    return {
      row: rowToJson(row),
      at,
      ...(ran && { node: nodes[ran.node]!.address, tick: ran.tick }),
      because: because.map((seen) => ({ ...seen, row: rowToJson(seen.row) })),
    };
  });
  return { ...outcome, violations };
}

function printCosts(p: AnalyzedProgram, costs: readonly RuleCost[]): void {
  print("\n  facts in  facts out  withdrawn        ms  rule");
  for (const { rule, factsIn, factsOut, factsWithdrawn, milliseconds } of costs) {
    const figures = [
      String(factsIn).padStart(10),
      String(factsOut).padStart(11),
      String(factsWithdrawn).padStart(11),
      milliseconds.toFixed(1).padStart(10),
    ];
    print(`${figures.join("")}  ${costlyText(p, rule)}`);
  }
}

/** A rule that the program does not have brings back what a crash has left of a durable relation. */
function costlyText(p: AnalyzedProgram, rule: RuleId): string {
  const own = p.rules.get(rule);
  if (own !== undefined) return printRule(own.rule);
  const [component, relation] = rule.split("/");
  return `// ${relation} of ${component}, read from the disk after a crash`;
}

const END: Readonly<Record<Trace["end"]["kind"], string>> = {
  quiet: "quiet at the end",
  timers: "ended as only timers go on",
  limit: "stopped at a limit",
  cancelled: "cancelled",
  error: "ended by an error",
};
