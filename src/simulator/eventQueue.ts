/** Earliest first; at one instant by `rank`, then in the order they were put in. */
export interface EventQueue<Event> {
  /** `at` is a whole number, `rank` one from -1 to 2. */
  push(at: number, rank: number, event: Event): void;
  /** The time of the earliest event. */
  nextAt(): number | undefined;
  pop(): Event | undefined;
}

const RANKS = 4;

/** A binary heap in columns, so that planning an event makes no object. */
export function eventQueue<Event>(): EventQueue<Event> {
  /** Time and rank in one. */
  let keys = new Float64Array(64);
  let orders = new Float64Array(64);
  const events: Event[] = [];
  let pushed = 0;

  const put = (hole: number, key: number, order: number, event: Event): void => {
    keys[hole] = key;
    orders[hole] = order;
    events[hole] = event;
  };
  const move = (from: number, to: number): void => {
    keys[to] = keys[from]!;
    orders[to] = orders[from]!;
    events[to] = events[from]!;
  };
  const isBefore = (place: number, key: number, order: number): boolean => {
    const own = keys[place]!;
    return own < key || (own === key && orders[place]! < order);
  };

  const raise = (key: number, order: number, event: Event): void => {
    let hole = events.length;
    if (hole === keys.length) {
      keys = doubled(keys);
      orders = doubled(orders);
    }
    events.push(event);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (isBefore(parent, key, order)) break;
      move(parent, hole);
      hole = parent;
    }
    put(hole, key, order, event);
  };

  /** Puts in at the top what stood last. */
  const sink = (key: number, order: number, event: Event): void => {
    const size = events.length;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= size) break;
      if (child + 1 < size && isBefore(child + 1, keys[child]!, orders[child]!)) child++;
      if (!isBefore(child, key, order)) break;
      move(child, hole);
      hole = child;
    }
    put(hole, key, order, event);
  };

  return {
    push: (at, rank, event) => raise(at * RANKS + rank + 1, pushed++, event),
    nextAt: () => (events.length === 0 ? undefined : Math.floor(keys[0]! / RANKS)),
    pop() {
      const first = events[0];
      const last = events.pop();
      if (first === undefined || last === undefined) return undefined;
      const size = events.length;
      if (size > 0) sink(keys[size]!, orders[size]!, last);
      return first;
    },
  };
}

function doubled(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const copy = new Float64Array(2 * array.length);
  copy.set(array);
  return copy;
}
