/** Earliest first; at one instant by `rank`, then in the order they were put in. */
export interface EventQueue<Event> {
  push(at: number, rank: number, event: Event): void;
  /** The time of the earliest event. */
  nextAt(): number | undefined;
  pop(): Event | undefined;
}

interface Entry<Event> {
  readonly at: number;
  readonly rank: number;
  readonly order: number;
  readonly event: Event;
}

/** A binary heap. */
export function eventQueue<Event>(): EventQueue<Event> {
  const heap: Entry<Event>[] = [];
  let pushed = 0;

  const raise = (entry: Entry<Event>): void => {
    let hole = heap.length;
    heap.push(entry);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!before(entry, heap[parent]!)) break;
      heap[hole] = heap[parent]!;
      hole = parent;
    }
    heap[hole] = entry;
  };

  const sink = (entry: Entry<Event>): void => {
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, entry)) break;
      heap[hole] = heap[child]!;
      hole = child;
    }
    heap[hole] = entry;
  };

  return {
    push: (at, rank, event) => raise({ at, rank, order: pushed++, event }),
    nextAt: () => heap[0]?.at,
    pop() {
      const first = heap[0];
      const last = heap.pop();
      if (first === undefined || last === undefined) return undefined;
      if (heap.length > 0) sink(last);
      return first.event;
    },
  };
}

function before<Event>(a: Entry<Event>, b: Entry<Event>): boolean {
  if (a.at !== b.at) return a.at < b.at;
  return a.rank !== b.rank ? a.rank < b.rank : a.order < b.order;
}
