import { analyze } from "../analysis/analyze.ts";
import { Dice } from "../evaluator/dice.testing.ts";
import { plannedComponent } from "../evaluator/nodeTransitions.ts";
import type { EvaluatorCase } from "../evaluator/randomComponent.testing.ts";
import { ENVIRONMENT, programOf } from "../evaluator/randomComponent.testing.ts";
import { SharedIds } from "../evaluator/rowLog.ts";
import { rowKey } from "../program/value.ts";
import { FactTable } from "./factTable.ts";
import { comparedTicks, incrementalTicks, referenceTicks } from "./nodeTicks.ts";
import type { Ticked } from "./nodeTicks.ts";

/** Ticks from states that were met before, in any order; throws where the two ways to compute them differ. */
export function tickAbout({ rules, schedule }: EvaluatorCase, seed: number): number {
  const p = analyze(programOf(rules));
  const faults = p.faults.filter((f) => f.severity === "error" && f.code !== "type-conflict");
  if (faults.length > 0) return 0;
  const ids = new SharedIds();
  const numbering = { ids, facts: new FactTable(ids), sendings: new FactTable(ids) };
  const ticks = comparedTicks(
    incrementalTicks(plannedComponent(p, "c"), ENVIRONMENT, numbering),
    referenceTicks(p, "c", ENVIRONMENT, numbering),
    1,
  );
  const size = ({ carried }: Ticked): number =>
    carried.reduce((sum, id) => sum + rowKey(numbering.facts.fact(id).row).length, 0);
  const dice = new Dice(seed);
  const states: (readonly [number, readonly number[]])[] = [[0, []]];
  let errors = 0;
  for (let i = 0; i < 30; i++) {
    const [number, carried] = dice.pick(states);
    const arrived = dice.chance(20) ? [] : dice.pick(schedule).slice(0, 1 + dice.below(4));
    const done = ticks(number, carried, arrived);
    if (done === undefined) errors++;
    // Some components square in every tick how many facts there are or how large.
    else if (done.carried.length < 30 && size(done) < 600) states.push([number + 1, done.carried]);
  }
  return states.length - 1 + errors;
}
