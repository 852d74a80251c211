/** Longer lists travel by themselves: the page takes a list this long out of a message in a few milliseconds. */
const LONG = 400;
/** Lists deeper than this stay where they are. */
const DEEPEST = 8;

/** A list of a large answer, and where it belongs in it. */
export interface Part {
  readonly path: readonly (string | number)[];
  readonly value: readonly unknown[];
}

/**
 * A large answer in parts, so that taking it in is many short tasks instead of a long one: its long lists, and the rest
 * with empty lists in their places. The answer itself is not changed; it is plain data.
 */
export function splitParts(answer: unknown): {
  readonly rest: unknown;
  readonly parts: readonly Part[];
} {
  const parts: Part[] = [];
  const split = (value: unknown, path: readonly (string | number)[]): unknown => {
    if (typeof value !== "object" || value === null || path.length > DEEPEST) return value;
    if (!Array.isArray(value)) return isPlain(value) ? splitObject(value, path) : value;
    if (value.length <= LONG) return splitList(value, path);
    if (path.length === 0) return value;
    for (let start = 0; start < value.length; start += LONG) {
      parts.push({ path, value: value.slice(start, start + LONG) });
    }
    return [];
  };
  const splitList = (list: readonly unknown[], path: readonly (string | number)[]): unknown => {
    const rest = list.map((item, index) => split(item, [...path, index]));
    return rest.every((item, index) => item === list[index]) ? list : rest;
  };
  const splitObject = (
    object: Readonly<Record<string, unknown>>,
    path: readonly (string | number)[],
  ): unknown => {
    const rest = Object.entries(object).map(([key, value]): readonly [string, unknown] => [
      key,
      split(value, [...path, key]),
    ]);
    return rest.every(([key, value]) => value === object[key]) ? object : Object.fromEntries(rest);
  };
  return { rest: split(answer, []), parts };
}

/** Puts the parts back where they belong, in a rest that has just arrived and is nobody else's. */
export function joinParts(rest: unknown, parts: readonly Part[]): unknown {
  for (const { path, value } of parts) {
    let list = rest;
    for (const step of path) list = (list as Readonly<Record<string | number, unknown>>)[step];
    for (const item of value) (list as unknown[]).push(item);
  }
  return rest;
}

function isPlain(value: object): value is Readonly<Record<string, unknown>> {
  return Object.getPrototypeOf(value) === Object.prototype;
}
