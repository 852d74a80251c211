/**
 * `after`, with every part that equals the same part of `before` replaced by it, so that views which compare by
 * identity draw only what has changed. Plain data from a worker: arrays, objects, numbers and texts.
 */
export function shareStructure<T>(before: unknown, after: T): T {
  return share(before, after) as T;
}

function share(before: unknown, after: unknown): unknown {
  if (before === after) return before;
  if (Array.isArray(after)) return Array.isArray(before) ? shareArray(before, after) : after;
  if (isPlain(after) && isPlain(before)) return shareObject(before, after);
  return after;
}

function shareArray(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  let same = before.length === after.length;
  const shared = after.map((part, index) => {
    const kept = share(before[index], part);
    same &&= kept === before[index];
    return kept;
  });
  return same ? before : shared;
}

type Plain = Readonly<Record<string, unknown>>;

function shareObject(before: Plain, after: Plain): Plain {
  const keys = Object.keys(after);
  let same = keys.length === Object.keys(before).length;
  // Relations may have any name: one called `__proto__` is a key like others.
  const shared = keys.map((key): readonly [string, unknown] => {
    const known = Object.hasOwn(before, key);
    const kept = known ? share(before[key], after[key]) : after[key];
    same &&= known && kept === before[key];
    return [key, kept];
  });
  return same ? before : Object.fromEntries(shared);
}

function isPlain(value: unknown): value is Plain {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}
