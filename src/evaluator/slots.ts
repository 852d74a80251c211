/**
 * Empties slot `gap` of an open-addressed table, moving later entries of its run so that all are still found. Slots hold
 * rows; a row's hash lies at `rows[row + field]`.
 */
export function closeGap(
  slots: Int32Array,
  mask: number,
  gap: number,
  rows: Int32Array,
  field: number,
): void {
  let hole = gap;
  for (let slot = (gap + 1) & mask; ; slot = (slot + 1) & mask) {
    const row = slots[slot]!;
    if (row === 0) break;
    const home = rows[row + field]! & mask;
    if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
    slots[hole] = row;
    hole = slot;
  }
  slots[hole] = 0;
}

/**
 * Empties all slots: row by row when they are few. Rows lie `width` apart below `top`. Clearing a run from a row's home to
 * its end loses no other run.
 */
export function clearSlots(
  slots: Int32Array,
  mask: number,
  rows: Int32Array,
  field: number,
  width: number,
  top: number,
): void {
  if (top * 8 > slots.length * width) {
    slots.fill(0);
    return;
  }
  for (let row = width; row < top; row += width) {
    for (let slot = rows[row + field]! & mask; slots[slot] !== 0; slot = (slot + 1) & mask)
      slots[slot] = 0;
  }
}
