/**
 * Slots of an open-addressed table: pairs of a row (0 when empty) and its hash, whose home is the pair at twice the hash
 * under the mask. Twice as many slots, with the same rows.
 */
export function widerSlots(slots: Int32Array): Int32Array {
  const wider = new Int32Array(2 * slots.length);
  const mask = wider.length - 1;
  for (let i = 0; i < slots.length; i += 2) {
    const row = slots[i]!;
    if (row === 0) continue;
    const hash = slots[i + 1]!;
    let slot = (hash << 1) & mask;
    while (wider[slot] !== 0) slot = (slot + 2) & mask;
    wider[slot] = row;
    wider[slot + 1] = hash;
  }
  return wider;
}

/** Empties the slot `gap`, moving later entries of its run so that all are still found. */
export function closeGap(slots: Int32Array, gap: number): void {
  const mask = slots.length - 1;
  let hole = gap;
  for (let slot = (gap + 2) & mask; slots[slot] !== 0; slot = (slot + 2) & mask) {
    const home = (slots[slot + 1]! << 1) & mask;
    if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
    slots[hole] = slots[slot]!;
    slots[hole + 1] = slots[slot + 1]!;
    hole = slot;
  }
  slots[hole] = 0;
}

/** The hash that generated code computes of a row's cells. */
export function hashOf(cells: Int32Array, at: number, arity: number): number {
  let hash = 0;
  for (let i = at; i < at + arity; i++) {
    hash = Math.imul(hash ^ cells[i]!, -1640531535);
    hash ^= hash >>> 15;
  }
  return hash;
}
