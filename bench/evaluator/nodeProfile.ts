import { Session } from "node:inspector/promises";
import { compile } from "../../src/evaluator/compile.ts";
import type { Runnable } from "../../src/evaluator/nodeEngine.ts";
import { RuleCosts } from "../../src/evaluator/ruleCosts.ts";
import { environmentOf, runTicks, type NodeScript, type ProtocolNode } from "./protocolNode.ts";

const SECONDS = 4;
const ROWS = 14;

/** Where the time of a node goes: by function, tables taken together, and by rule. Printed; percent of the whole. */
export async function nodeProfile(script: NodeScript): Promise<void> {
  const ticks = script.ticks(script.commands);
  const { program } = script.example;
  // Compiled once, as it is in a process: newly compiled code runs slowly at first.
  const runner = (component: Runnable) => (): number => {
    const engine = component.start(environmentOf(script));
    const node: ProtocolNode = (arrived) => engine.tick(arrived).sends;
    runTicks(node, script.at, script.prelude, () => {});
    const from = process.cpuUsage();
    runTicks(node, script.at, ticks, () => {});
    const { user, system } = process.cpuUsage(from);
    return user + system;
  };
  const again = runner(compile(program, script.component));
  again();
  again();
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 200 });
  await session.post("Profiler.start");
  let spent = 0;
  let runs = 0;
  while (spent < SECONDS * 1e6) {
    spent += again();
    runs++;
  }
  const { profile } = await session.post("Profiler.stop");
  const perCommand = (spent / runs / script.commands).toFixed(2);
  console.log(`\n${script.what}: ${perCommand} microseconds of CPU time a command`);

  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, kindOf(callFrame)]));
  const shares = new Map<string, number>();
  profile.samples?.forEach((id, i) => {
    const name = names.get(id) ?? "";
    shares.set(name, (shares.get(name) ?? 0) + (profile.timeDeltas?.[i] ?? 0));
  });
  for (const own of ["(idle)", "post in inspector", "post in node:inspector"]) shares.delete(own);
  list(shares, "by function");

  const costs = new RuleCosts(() => performance.now());
  runner(compile(program, script.component, { costs }))();
  list(new Map(costs.list().map((c) => [`rule ${c.rule}`, c.milliseconds])), "by rule");
}

/** `t7_up` and `t9_up` do the same for two tables. */
function kindOf({ functionName, url }: { readonly functionName: string; readonly url: string }) {
  const name = functionName.replace(/^t\d+_/, "table: ").replace(/\d+/g, "*") || "(anonymous)";
  return url === "" ? name : `${name} in ${url.slice(url.lastIndexOf("/") + 1)}`;
}

function list(shares: ReadonlyMap<string, number>, title: string): void {
  const whole = [...shares.values()].reduce((sum, share) => sum + share, 0);
  console.log(`  ${title}`);
  const sorted = [...shares].sort((a, b) => b[1] - a[1]).slice(0, ROWS);
  for (const [name, share] of sorted) {
    console.log(`  ${((100 * share) / whole).toFixed(1).padStart(6)} %  ${name}`);
  }
}
