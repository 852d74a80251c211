/**
 * How one plain answer becomes the next one: what stays is not sent again, and keeps its identity where it is received.
 * `whole` stands for itself; an object names its changed members and those that are gone; a list of the same length
 * names its changed places, any other one what lies between an equal beginning and an equal end.
 */
export type Patch =
  | { readonly kind: "same" }
  | { readonly kind: "whole"; readonly value: unknown }
  | {
      readonly kind: "members";
      readonly changed: readonly (readonly [string, Patch])[];
      readonly gone: readonly string[];
    }
  | { readonly kind: "places"; readonly changed: readonly (readonly [number, Patch])[] }
  | {
      readonly kind: "middle";
      readonly before: number;
      readonly after: number;
      readonly items: readonly unknown[];
    };

const SAME: Patch = { kind: "same" };

/** What makes `after` of `before`. Plain data: objects, lists, texts, numbers. */
export function patchOf(before: unknown, after: unknown): Patch {
  if (Object.is(before, after)) return SAME;
  if (Array.isArray(before) && Array.isArray(after)) return listPatch(before, after);
  if (isPlain(before) && isPlain(after)) return memberPatch(before, after);
  return { kind: "whole", value: after };
}

function memberPatch(before: Plain, after: Plain): Patch {
  const changed: (readonly [string, Patch])[] = [];
  for (const [key, value] of Object.entries(after)) {
    if (!Object.hasOwn(before, key)) changed.push([key, { kind: "whole", value }]);
    else {
      const patch = patchOf(before[key], value);
      if (patch.kind !== "same") changed.push([key, patch]);
    }
  }
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  return changed.length === 0 && gone.length === 0 ? SAME : { kind: "members", changed, gone };
}

function listPatch(before: readonly unknown[], after: readonly unknown[]): Patch {
  if (before.length === after.length) {
    const changed: (readonly [number, Patch])[] = [];
    for (const [place, item] of after.entries()) {
      const patch = patchOf(before[place], item);
      if (patch.kind !== "same") changed.push([place, patch]);
    }
    return changed.length === 0 ? SAME : { kind: "places", changed };
  }
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && isSame(before[head], after[head])) head++;
  let tail = 0;
  while (tail < shorter - head && isSame(before.at(-1 - tail), after.at(-1 - tail))) tail++;
  const items = after.slice(head, after.length - tail);
  return { kind: "middle", before: head, after: tail, items };
}

function isSame(before: unknown, after: unknown): boolean {
  return patchOf(before, after).kind === "same";
}

/** `before` as the patch changes it; what the patch leaves alone is the same object as before. */
export function patched(before: unknown, patch: Patch): unknown {
  switch (patch.kind) {
    case "same":
      return before;
    case "whole":
      return patch.value;
    case "members": {
      const members = new Map(Object.entries(before as Plain));
      for (const key of patch.gone) members.delete(key);
      for (const [key, change] of patch.changed)
        members.set(key, patched(members.get(key), change));
      // Relations may have any name: one called `__proto__` is a key like others.
      return Object.fromEntries(members);
    }
    case "places": {
      const items = [...(before as readonly unknown[])];
      for (const [place, change] of patch.changed) items[place] = patched(items[place], change);
      return items;
    }
    case "middle": {
      const items = before as readonly unknown[];
      const end = items.length - patch.after;
      return [...items.slice(0, patch.before), ...patch.items, ...items.slice(end)];
    }
  }
}

/**
 * `after`, with every part that equals the same part of `before` replaced by it, so that what compares by identity sees
 * only what has changed.
 */
export function shareStructure<T>(before: unknown, after: T): T {
  return patched(before, patchOf(before, after)) as T;
}

type Plain = Readonly<Record<string, unknown>>;

function isPlain(value: unknown): value is Plain {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}
