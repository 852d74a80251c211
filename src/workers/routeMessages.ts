import type { Point, Rectangle } from "./layoutApi.ts";

/** A line wanted from one border to another; it leaves and arrives at right angles. */
export interface Wanted {
  readonly id: string;
  readonly from: Exit;
  readonly to: Exit;
}
export interface Exit extends Point {
  readonly side: "top" | "bottom";
}

const LANE = 9;
const CLEARANCE = 7;
const BEND = 24;
const SHARED = 6;
const CROSSED = 14;

/**
 * Orthogonal lines between boxes that go through no box and share no lane where they can help it: shortest paths over the
 * grid of all lanes, one line after the other, short ones first.
 */
export function routeMessages(
  wanted: readonly Wanted[],
  obstacles: readonly Rectangle[],
  bounds: { readonly top: number },
): ReadonlyMap<string, readonly Point[]> {
  const grid = makeGrid(wanted, obstacles, bounds);
  const routes = new Map<string, readonly Point[]>();
  const distance = ({ from, to }: Wanted): number =>
    Math.abs(from.x - to.x) + Math.abs(from.y - to.y);
  for (const line of [...wanted].sort((a, b) => distance(a) - distance(b))) {
    routes.set(line.id, route(grid, line));
  }
  return routes;
}

interface Grid {
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  readonly obstacles: readonly Rectangle[];
  /** How many lines use the step to the right of, and below, each crossing. */
  readonly right: Uint8Array;
  readonly below: Uint8Array;
}

function makeGrid(
  wanted: readonly Wanted[],
  obstacles: readonly Rectangle[],
  bounds: { readonly top: number },
): Grid {
  const lanes = Math.min(5, Math.max(2, Math.ceil(wanted.length / 2)));
  const across: number[] = [];
  const down: number[] = [];
  for (const box of obstacles) {
    for (let lane = 0; lane < lanes; lane++) {
      const out = CLEARANCE + 3 + lane * LANE;
      across.push(Math.round(box.x - out), Math.round(box.x + box.width + out));
      down.push(Math.round(box.y - out), Math.round(box.y + box.height + out));
    }
  }
  const xs = new Set(spaced(across));
  const ys = new Set(spaced(down));
  for (const { from, to } of wanted) {
    xs.add(from.x).add(to.x);
    ys.add(from.y).add(to.y);
  }
  const sorted = (values: Set<number>): number[] => [...values].sort((a, b) => a - b);
  const rows = sorted(ys).filter((y) => y >= bounds.top);
  const columns = sorted(xs);
  const cells = columns.length * rows.length;
  return {
    xs: columns,
    ys: rows,
    obstacles,
    right: new Uint8Array(cells),
    below: new Uint8Array(cells),
  };
}

/** Lanes of neighbouring boxes fall between each other: only those stay that can be told apart. */
function spaced(lanes: readonly number[]): readonly number[] {
  const kept: number[] = [];
  for (const lane of [...lanes].sort((a, b) => a - b)) {
    if (lane - (kept.at(-1) ?? -Infinity) >= LANE - 2) kept.push(lane);
  }
  return kept;
}

/** Dijkstra over (crossing, heading); a bend, a shared lane and a crossed line cost extra. */
function route(grid: Grid, line: Wanted): readonly Point[] {
  const { xs, ys } = grid;
  const width = xs.length;
  const start = ys.indexOf(line.from.y) * width + xs.indexOf(line.from.x);
  const goal = ys.indexOf(line.to.y) * width + xs.indexOf(line.to.x);
  const cost = new Float64Array(width * ys.length * 2).fill(Infinity);
  const cameFrom = new Int32Array(cost.length).fill(-1);
  const queue = new Queue();
  cost[start * 2 + 1] = 0;
  queue.push(start * 2 + 1, 0);
  for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
    if (state === goal * 2 + 1) break;
    for (const step of steps(grid, state, line)) {
      const total = cost[state]! + step.cost;
      if (total >= cost[step.state]!) continue;
      cost[step.state] = total;
      cameFrom[step.state] = state;
      queue.push(step.state, total);
    }
  }
  const cells = trace(cameFrom, goal * 2 + 1);
  if (cells[0] !== start) return [line.from, line.to].map(({ x, y }) => ({ x, y }));
  occupy(grid, cells);
  return corners(cells.map((cell) => ({ x: xs[cell % width]!, y: ys[Math.floor(cell / width)]! })));
}

/** A state is `crossing * 2 + heading`; heading 0 is across, 1 is up or down. */
function* steps(
  grid: Grid,
  state: number,
  line: Wanted,
): Generator<{ readonly state: number; readonly cost: number }> {
  const { xs, ys } = grid;
  const width = xs.length;
  const cell = state >> 1;
  const heading = state & 1;
  const [column, row] = [cell % width, Math.floor(cell / width)];
  for (const [dx, dy] of DIRECTIONS) {
    const [c, r] = [column + dx, row + dy];
    if (c < 0 || r < 0 || c >= width || r >= ys.length) continue;
    const [a, b] = [point(grid, column, row), point(grid, c, r)];
    if (isBlocked(grid.obstacles, a, b) || entersWrongly(line, a, b)) continue;
    const vertical = dx === 0 ? 1 : 0;
    const first = Math.min(cell, r * width + c);
    const shared = (vertical ? grid.below : grid.right)[first]!;
    const across = (vertical ? grid.right : grid.below)[r * width + c]!;
    const length = Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
    yield {
      state: (r * width + c) * 2 + vertical,
      cost:
        length +
        (vertical === heading ? 0 : BEND) +
        shared * (SHARED * length + BEND) +
        (across > 0 ? CROSSED : 0),
    };
  }
}

const DIRECTIONS: readonly (readonly [number, number])[] = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
];

function point(grid: Grid, column: number, row: number): Point {
  return { x: grid.xs[column]!, y: grid.ys[row]! };
}

function isBlocked(obstacles: readonly Rectangle[], a: Point, b: Point): boolean {
  const [left, right] = [Math.min(a.x, b.x), Math.max(a.x, b.x)];
  const [top, bottom] = [Math.min(a.y, b.y), Math.max(a.y, b.y)];
  const vertical = left === right;
  return obstacles.some((box) => {
    // Along a border counts as through the box; straight away from it does not.
    const near = vertical
      ? left > box.x - CLEARANCE && left < box.x + box.width + CLEARANCE
      : top > box.y - CLEARANCE && top < box.y + box.height + CLEARANCE;
    if (!near) return false;
    return vertical
      ? bottom > box.y && top < box.y + box.height
      : right > box.x && left < box.x + box.width;
  });
}

/** The ends are left and reached at right angles, on their own side. */
function entersWrongly(line: Wanted, a: Point, b: Point): boolean {
  return isWrong(line.from, a, b) || isWrong(line.to, b, a);
}

function isWrong(exit: Exit, at: Point, other: Point): boolean {
  if (at.x !== exit.x || at.y !== exit.y) return false;
  return exit.side === "top" ? other.y >= at.y : other.y <= at.y;
}

function trace(cameFrom: Int32Array, end: number): readonly number[] {
  const cells: number[] = [];
  for (let state = end; state >= 0; state = cameFrom[state]!) cells.push(state >> 1);
  return cells.reverse();
}

function occupy(grid: Grid, cells: readonly number[]): void {
  for (let i = 1; i < cells.length; i++) {
    const [a, b] = [cells[i - 1]!, cells[i]!];
    const lanes = Math.abs(a - b) === 1 ? grid.right : grid.below;
    const first = Math.min(a, b);
    lanes[first] = Math.min(200, lanes[first]! + 1);
  }
}

/** Only the points where the line turns, and its ends. */
export function corners(points: readonly Point[]): readonly Point[] {
  return points.filter((p, i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    if (before === undefined || after === undefined) return true;
    const straight = (before.x === p.x && p.x === after.x) || (before.y === p.y && p.y === after.y);
    return !straight;
  });
}

/** A binary heap of states by cost. */
class Queue {
  private readonly items: { readonly state: number; readonly cost: number }[] = [];

  push(state: number, cost: number): void {
    const { items } = this;
    items.push({ state, cost });
    for (let i = items.length - 1; i > 0;) {
      const parent = (i - 1) >> 1;
      if (items[parent]!.cost <= items[i]!.cost) return;
      this.swap(i, parent);
      i = parent;
    }
  }

  pop(): number | undefined {
    const { items } = this;
    const top = items[0];
    const last = items.pop();
    if (top === undefined || last === undefined) return undefined;
    if (items.length > 0) {
      items[0] = last;
      this.sink();
    }
    return top.state;
  }

  private sink(): void {
    const { items } = this;
    for (let i = 0; ;) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) {
        if (child < items.length && items[child]!.cost < items[least]!.cost) least = child;
      }
      if (least === i) return;
      this.swap(i, least);
      i = least;
    }
  }

  private swap(i: number, j: number): void {
    [this.items[i], this.items[j]] = [this.items[j]!, this.items[i]!];
  }
}
