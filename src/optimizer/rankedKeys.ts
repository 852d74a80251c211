import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { ComponentName } from "../program/program.ts";
import { offers, UNBOUND } from "../rewrites/driver.ts";
import type { Offer } from "../rewrites/driver.ts";
import type { Chain } from "../rewrites/rewrite.ts";
import { REWRITES } from "../rewrites/rewrites.ts";
import type { SimulationEngines } from "../simulator/clusterNodes.ts";
import { busiestOf, measured, programAfter, shortened } from "./busiestAfter.ts";
import type { Busiest } from "./busiestAfter.ts";

/** One key that a component may be partitioned by, and what it does. */
export interface RankedKey {
  readonly component: ComponentName;
  readonly offer: Offer;
  /** The busiest node once the component is partitioned; absent where that is refused or cannot be measured. */
  readonly busiest?: Busiest;
  /** Of the component's own nodes then, its proxy among them, the busiest: tells keys apart that leave another node the busiest. */
  readonly own?: Busiest;
}

const PARTITIONINGS = REWRITES.filter(({ name }) => name.startsWith("partition"));

/**
 * The keys that a component can be partitioned by, of whatever rewrite, those first that leave the busiest node with the
 * fewest messages, then those that leave the component's own nodes with the fewest. A key divides what carries it; what
 * every partition gets a copy of, and what its proxy does for all, stays whole and counts where it falls. Where no key
 * works the nearest of each rewrite come with what is against them. Yields after each measurement.
 */
export function* rankedKeys(
  p: AnalyzedProgram,
  component: ComponentName,
  engines: SimulationEngines,
  chain: Chain = UNBOUND,
): Generator<void, readonly RankedKey[]> {
  const made = offers(p, { component, rules: [] }, chain, PARTITIONINGS);
  yield;
  const working = made.filter(({ verdict }) => verdict !== "violated");
  const ranked: RankedKey[] = [];
  for (const offer of working) {
    ranked.push({ component, offer, ...measuredKey(p, component, offer, engines, chain) });
    yield;
  }
  ranked.sort((a, b) => load(a.busiest) - load(b.busiest) || load(a.own) - load(b.own));
  const refused = made.filter(({ verdict }) => verdict === "violated");
  return [...ranked, ...refused.map((offer): RankedKey => ({ component, offer }))];
}

function measuredKey(
  p: AnalyzedProgram,
  component: ComponentName,
  offer: Offer,
  engines: SimulationEngines,
  chain: Chain,
): Pick<RankedKey, "busiest" | "own"> {
  const after = programAfter(p, offer, chain);
  const found = after && measured(after, engines);
  if (after === undefined || found === undefined) return {};
  const before = new Set(p.program.components.map(({ name }) => name));
  const own = after.program.components
    .map(({ name }) => name)
    .filter((name) => name === component || !before.has(name));
  const busiest = busiestOf(found, new Set(own));
  return { busiest: shortened(found), ...(busiest && { own: busiest }) };
}

function load(busiest: Busiest | undefined): number {
  return busiest?.messagesPerCommand ?? Infinity;
}
