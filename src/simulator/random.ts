/** A small seeded generator: sfc32 of Chris Doty-Humphrey, 32-bit integers only, so every engine gives the same bits. */
export interface Random {
  /** An integer, 0 ≤ n < 2³². */
  next(): number;
  /** An integer, 0 ≤ n < `limit`; `limit` at most 2³². */
  below(limit: number): number;
  /** True with that probability; draws once whatever the probability. */
  chance(probability: number): boolean;
}

const TWO_32 = 2 ** 32;

/**
 * A stream of its own for each name under one seed: what one part of a run draws never shifts what another draws,
 * so a fault on one link leaves the delays of the others as they were.
 */
export function random(seed: number, ...name: readonly (string | number)[]): Random {
  const start = fnv1a([seed, ...name].join("\u0000"));
  let a = start;
  let b = splitmix(start);
  let c = splitmix(b);
  let counter = 1;
  const next = (): number => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return t >>> 0;
  };
  // The state starts close to the seed; sfc32 asks for about a dozen rounds to spread it.
  for (let i = 0; i < 12; i++) next();
  return {
    next,
    below: (limit) => Math.floor((next() / TWO_32) * limit),
    chance: (probability) => next() < probability * TWO_32,
  };
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash | 0;
}

function splitmix(state: number): number {
  let z = (state + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return z ^ (z >>> 15);
}
