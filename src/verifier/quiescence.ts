import type { Places } from "./places.ts";

/**
 * Nothing that may still happen without a new input shows: idle ticks, what is under way and what such ticks send
 * again change no node's state and give no output that is noticed (rewrites.md section 10, Quiescent).
 */
export function isQuiescent(
  places: Places,
  at: readonly number[],
  isNoticed: (outputs: number) => boolean,
): boolean {
  const around = [...at];
  for (;;) {
    let more = false;
    for (let node = 0; node < around.length; node++) {
      const standing = places.standing(node, around[node]!);
      if (standing === undefined || isNoticed(standing.outputs)) return false;
      const { sends } = standing;
      for (let i = 0; i < sends.length; i += 2) {
        const to = sends[i]!;
        const after = places.withFresh(to, around[to]!, sends[i + 1]!);
        more ||= after !== around[to];
        around[to] = after;
      }
    }
    if (!more) return true;
  }
}
