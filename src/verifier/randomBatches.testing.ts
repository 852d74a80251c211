import { random } from "../simulator/random.ts";
import type { Random } from "../simulator/random.ts";
import type { RandomSplit } from "./randomSplits.testing.ts";

/** What one half is made of: its own inputs and relations, and what it may read of the other's. */
interface Half {
  readonly inputs: readonly string[];
  readonly locals: readonly string[];
  /** The relation that goes over in batches, where this half reads it. */
  readonly reads?: string;
  /** The same where this half derives it. */
  readonly derives?: string;
}

const INPUTS = ["a", "b", "q"];

/** A random component cut in two so that a relation goes over in batches, one way or the other. */
export function randomBatch(seed: number): RandomSplit {
  const draw = random(seed, "batches");
  const isDown = draw.chance(0.5);
  const stays: Half = { inputs: ["a"], locals: ["r", "u"] };
  const moves: Half = { inputs: ["b", "q"], locals: ["s", "t"] };
  return {
    seed,
    rewrite: isDown ? "decoupleStateMachine" : "decoupleAsymmetric",
    stays: randomHalf(draw, "l", { ...stays, ...(isDown ? { derives: "r" } : { reads: "s" }) }),
    moves: randomHalf(draw, "m", { ...moves, ...(isDown ? { reads: "r" } : { derives: "s" }) }),
    inputs: [
      [pick(draw, INPUTS), 1],
      [pick(draw, INPUTS), 1],
      [pick(draw, INPUTS), 2],
    ],
  };
}

function randomHalf(draw: Random, name: string, half: Half): readonly string[] {
  const { inputs, locals, reads, derives } = half;
  const first = derives === undefined ? [] : [`${derives}(x) <- ${pick(draw, inputs)}(x)`];
  // What goes over is derived from what has arrived, or every cut is refused.
  const heads = derives === undefined || draw.chance(0.2) ? locals : locals.slice(1);
  const rules = Array.from({ length: 1 + draw.below(3) }, (_, i) => {
    const crossing = reads !== undefined && (i === 0 || draw.chance(0.4)) ? reads : undefined;
    const one = crossing ?? pick(draw, draw.chance(0.7) ? inputs : locals);
    const other = pick(draw, reads === undefined ? locals : [...locals, reads]);
    return randomRule(draw, `${name}${i}`, pick(draw, heads), one, other);
  }).flat();
  // Acknowledgements make the order of inputs visible (rewrites.md section 10).
  const acknowledged = inputs.filter(() => draw.chance(0.9));
  const acknowledging = acknowledged.map((input) => `k${input}@async(c)(x) <- ${input}(x)`);
  return [...new Set([...first, ...rules, ...acknowledging])];
}

function randomRule(
  draw: Random,
  n: string,
  local: string,
  one: string,
  other: string,
): readonly string[] {
  const kept = `${local}@next(x) <- ${local}(x)`;
  switch (draw.below(10)) {
    case 0:
      return [`${local}(x) <- ${one}(x)`, kept];
    case 1:
      return [`${local}(x) <- ${one}(x)`];
    case 2:
      return [`${local}(x) <- ${one}(x), ${other}(x)`];
    case 3:
      return [`${local}@next(x) <- ${one}(x)`, kept];
    case 4:
      return [`${local}@next(x) <- ${one}(x)`];
    case 5:
      return [`${local}(x) <- ${one}(x)`, `${kept}, !${other}(x)`];
    case 6:
      return [`o${n}@async(c)(x) <- ${one}(x), !${other}(x)`];
    case 7:
      return [`n${n}(count<x>) <- ${one}(x)`, `o${n}@async(c)(k) <- n${n}(k)`];
    case 8:
      return [`o${n}@async(c)(x) <- ${one}(x)`];
    default:
      return [`o${n}@async(c)(x) <- ${one}(x), ${other}(x)`];
  }
}

function pick<T>(draw: Random, items: readonly T[]): T {
  return items[draw.below(items.length)]!;
}
