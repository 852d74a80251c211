import type { Rectangle, Size } from "./layoutApi.ts";

export interface Arrangement extends Size {
  /** In the order of the sizes. */
  readonly boxes: readonly Rectangle[];
  /** How large it can be shown in the viewport; 1 at most. */
  readonly scale: number;
}

export interface Gaps {
  /** Between boxes, and around all of them: where messages run. */
  readonly across: number;
  readonly down: number;
  /** What lies above: the clients' band. */
  readonly above: number;
}

/**
 * Boxes in columns, read down and then to the right, with as many columns as let the whole be shown largest; those of a
 * column get one width. Few columns win a tie.
 */
export function arrangeBoxes(sizes: readonly Size[], viewport: Size, gaps: Gaps): Arrangement {
  let best = inColumns(sizes, 1, gaps, viewport);
  for (let columns = 2; columns <= Math.min(sizes.length, 8); columns++) {
    const candidate = inColumns(sizes, columns, gaps, viewport);
    if (candidate.scale > best.scale * 1.02) best = candidate;
  }
  return best;
}

function scale(picture: Size, viewport: Size): number {
  return Math.min(viewport.width / picture.width, viewport.height / picture.height, 1);
}

function inColumns(
  sizes: readonly Size[],
  columns: number,
  gaps: Gaps,
  viewport: Size,
): Arrangement {
  const boxes: Rectangle[] = [];
  let x = gaps.across;
  let height = 0;
  for (const column of partition(sizes, columns, gaps.down)) {
    const width = Math.max(...column.map((size) => size.width));
    let y = gaps.above;
    for (const size of column) {
      boxes.push({ x, y, width, height: size.height });
      y += size.height + gaps.down;
    }
    height = Math.max(height, y);
    x += width + gaps.across;
  }
  return { boxes, width: x, height, scale: scale({ width: x, height }, viewport) };
}

/** Consecutive runs, at most `columns` of them, whose highest is as low as can be. */
function partition(
  sizes: readonly Size[],
  columns: number,
  gap: number,
): readonly (readonly Size[])[] {
  const heights = [...new Set(sizes.flatMap((_, i) => runHeights(sizes.slice(i), gap)))];
  heights.sort((a, b) => a - b);
  for (const limit of heights) {
    const runs = fill(sizes, limit, gap);
    if (runs.length <= columns) return runs;
  }
  return [sizes];
}

function runHeights(sizes: readonly Size[], gap: number): readonly number[] {
  let height = -gap;
  return sizes.map((size) => (height += gap + size.height));
}

function fill(sizes: readonly Size[], limit: number, gap: number): readonly (readonly Size[])[] {
  const runs: Size[][] = [];
  let height = Infinity;
  for (const size of sizes) {
    if (height + gap + size.height > limit) {
      runs.push([size]);
      height = size.height;
    } else {
      runs.at(-1)!.push(size);
      height += gap + size.height;
    }
  }
  return runs;
}
