/** Numbers values from 0, equal ones alike. */
export interface Interned<T> {
  id(value: T): number;
  value(id: number): T;
  readonly size: number;
}

/** `text` must be injective. */
export function interned<T>(text: (value: T) => string): Interned<T> {
  const ids = new Map<string, number>();
  const values: T[] = [];
  return {
    id(value) {
      const key = text(value);
      const known = ids.get(key);
      if (known !== undefined) return known;
      ids.set(key, values.length);
      values.push(value);
      return values.length - 1;
    },
    value: (id) => values[id]!,
    get size() {
      return values.length;
    },
  };
}
