import { basename } from "node:path";
import { Command } from "commander";
import { readPlanFile } from "../harness/readPlanFile.ts";
import { readHosts } from "../plan/hostsFile.ts";
import type { HostJson } from "../plan/hostsFile.ts";
import { makePlan } from "../plan/plan.ts";
import type { Plan, PlanRead } from "../plan/plan.ts";
import { printCompact } from "../program/printCompact.ts";
import { deploymentFor, loadGood, readJson } from "./load.ts";
import { jsonText, print, printJson, Stop, writeFile } from "./output.ts";
import { replayFile } from "./rewrite.ts";

/** `clew plan FILE … -o plan.json` and `clew plan check plan.json`. */
export function planCommand(): Command {
  return new Command("plan")
    .description("Make a deployment plan of a program, or check one.")
    .argument("<file>", "program file, or the word check")
    .argument("[plan]", "with check: the plan to check")
    .option("--deployment <file>", "where it runs (default: beside the program)")
    .option("--derivation <file>", "apply this derivation first")
    .option("--hosts <file>", "place the nodes on these hosts (default: whoever deploys chooses)")
    .option("--name <name>", "the plan's name (default: the file's)")
    .option("-o, --output <file>", "write there instead of to standard output")
    .option("--json", "print the plan, or what the check found, as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  clew plan public/examples/voting/base.ded -o plan.json\n  clew plan program.ded --deployment d.json --hosts hosts.json -o plan.json\n  clew plan check plan.json",
    )
    .action((file: string, checked: string | undefined, options: PlanOptions) => {
      if (file === "check") return checkPlan(checked, options);
      if (checked !== undefined)
        throw new Stop(`clew plan takes one program; what is ${checked}?`, 2);
      const text = jsonText(planOf(file, options).file);
      if (options.output !== undefined) writeFile(options.output, text);
      if (options.output === undefined || options.json) print(text);
    });
}

function checkPlan(file: string | undefined, options: PlanOptions): void {
  if (file === undefined) throw new Stop("clew plan check needs the plan's file.", 2);
  const plan = loadPlan(file);
  const { nodes, channels } = plan.file;
  if (options.json) {
    printJson({ file, sha256: plan.sha256, nodes: nodes.length, channels: channels.length });
  } else print(`${file}: ${nodes.length} nodes, ${channels.length} channels; it fits.`);
}

interface PlanOptions {
  readonly deployment?: string;
  readonly derivation?: string;
  readonly hosts?: string;
  readonly name?: string;
  readonly output?: string;
  readonly json?: boolean;
}

function planOf(file: string, options: PlanOptions): Plan {
  const deployment = deploymentFor(file, options.deployment, options.derivation);
  const base = loadGood(file, deployment).analyzed;
  const derivation = options.derivation ? readJson(options.derivation) : undefined;
  const p = options.derivation ? replayFile(base, options.derivation).last : base;
  const name = options.name ?? basename(file).replace(/\.[^.]*$/, "");
  return good(
    file,
    makePlan(p, {
      name,
      program: printCompact(p.program),
      ...(derivation === undefined ? {} : { derivation }),
      ...(options.hosts === undefined ? {} : { hosts: loadHosts(options.hosts) }),
    }),
  );
}

function loadHosts(file: string): readonly HostJson[] {
  const result = readHosts(readJson(file));
  if (result.kind === "ok") return result.value;
  throw new Stop(result.problems.map((p) => `${file}#${p.pointer}: ${p.message}`).join("\n"));
}

/** Reads and checks a plan file; what does not fit ends the command. */
export function loadPlan(file: string): Plan {
  return good(file, readPlanFile(readJson(file)));
}

function good(file: string, result: PlanRead): Plan {
  if (result.kind === "ok") return result.plan;
  throw new Stop(result.problems.map((p) => `${file}#${p.pointer}: ${p.message}`).join("\n"));
}
