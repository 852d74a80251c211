import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Deployment } from "../program/deployment.ts";
import type { RuleId } from "../program/program.ts";
import { readCase } from "../syntax/readCase.ts";

/** Rules in the shorthand of the specification for each address, and `K`, which sends every channel where it belongs. */
export interface CaseProgram {
  /** `{ L: "o@async(c)(x) <- a(x)" }`: component and address have one name. */
  readonly nodes: Readonly<Record<string, string>>;
  /** Where `K` sends each channel, by `name/arity`: an address, or a rule body that binds `d` to it. */
  readonly channels: Readonly<Record<string, string>>;
  readonly deployment?: Partial<Deployment>;
  /** Declarations, one a line. */
  readonly declarations?: string;
  /** Errors are left for the steps that mend them. */
  readonly unfinished?: boolean;
}

/** Inputs are given to `K` as `send_a(…)` and go on as `a(…)`: the environment knows nothing of who reads them. */
export function caseProgram({
  nodes,
  channels,
  deployment = {},
  declarations = "",
  unfinished = false,
}: CaseProgram): AnalyzedProgram {
  const components = Object.entries(nodes).map(([name, rules]) =>
    component(name, rules.replace("|", "\n")),
  );
  const sends = Object.entries(channels).map(([channel, to]) => {
    const [name = "", arity] = channel.split("/");
    const terms = Array.from({ length: Number(arity) }, (_, i) => `x${i + 1}`).join(", ");
    const where = nodes[to] === undefined ? `, ${to}` : `, d := addr("${to}")`;
    return `${name}@async(d)(${terms}) <- send_${name}(${terms})${where}`;
  });
  const text = [declarations, ...components, component("K", sends.join("\n"))].join("\n");
  const { program: read, diagnostics } = readCase(text);
  const instances = Object.fromEntries([...Object.keys(nodes), "K"].map((n) => [n, [n]]));
  const p = analyze(read, deploymentOf({ instances, ...deployment }));
  const errors = [...diagnostics, ...p.faults].filter((d) => d.severity === "error");
  if (errors.length > 0 && !unfinished)
    throw new Error(`${errors.map((e) => e.message).join("\n")}\n${text}`);
  return p;
}

function component(name: string, rules: string): string {
  return `component ${name} {\n${rules.replaceAll(";", "\n")}\n}`;
}

/** The rules behind the bar of `C1 | C2`, by their ids in the component of that name. */
export function movedRules(name: string, rules: string): readonly RuleId[] {
  return readCase(component(name, rules)).right;
}

/** Clients that the verifier does not look at, and what is given. */
function deploymentOf(more: Partial<Deployment>): Deployment {
  const clients = { address: "c", input: "none", answers: [], match: {}, template: {} };
  return {
    instances: {},
    edb: {},
    node: {},
    originals: {},
    trusted: {},
    clients: { ...clients, payloadBytes: 16 },
    partitions: {},
    seed: 1,
    ...more,
  };
}
