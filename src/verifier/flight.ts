/** A fact sent again and again is under way at most so often: the sender repeats it as long as it holds. */
export const COPIES = 2;

/** The messages under way to a node with `more` added, each at most so often; ascending. */
export function withSent(
  flight: readonly number[],
  more: readonly number[],
  copies: (message: number) => number = () => COPIES,
): readonly number[] {
  if (more.length === 0) return flight;
  const all = [...flight, ...more].sort((a, b) => a - b);
  return all.filter((message, i) => all[i - copies(message)] !== message);
}

/**
 * What may still be under way once those messages entered a tick. Two copies of one message that arrive at the same tick
 * are one fact there, so each delivered message takes one copy along or all of them.
 */
export function afterDelivery(
  flight: readonly number[],
  delivered: readonly number[],
): readonly (readonly number[])[] {
  if (delivered.length === 0) return [flight];
  const gone = new Set(delivered);
  const rest = flight.filter((message) => !gone.delete(message));
  const copied = delivered.filter((message) => rest.includes(message));
  return subsets(copied, copied.length).map((merged) =>
    merged.length === 0 ? rest : rest.filter((message) => !merged.includes(message)),
  );
}

/** What may be left when any of those that may go are gone. */
export function withoutSome(
  flight: readonly number[],
  mayGo: (message: number) => boolean,
): readonly (readonly number[])[] {
  const going = flight.filter(mayGo);
  const staying = flight.filter((message) => !mayGo(message));
  return subsets(going, going.length).map((left) => [...staying, ...left].sort((a, b) => a - b));
}

/** All subsets of at most `limit` members, the empty one first. */
export function subsets<T>(items: readonly T[], limit: number): readonly (readonly T[])[] {
  let all: (readonly T[])[] = [[]];
  for (const item of items) {
    all = [...all, ...all.filter((s) => s.length < limit).map((s) => [...s, item])];
  }
  return all;
}

/** Each member of an ascending list once. */
export function distinct(ascending: readonly number[]): readonly number[] {
  return ascending.filter((item, i) => ascending[i - 1] !== item);
}
