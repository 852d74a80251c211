import type { Evidence, Fault, Place } from "../program/evidence.ts";
import type { AttributeType } from "../program/program.ts";
import { UnionFind } from "../program/unionFind.ts";

/** A type, and the first place that says so. */
export interface Known {
  readonly type: AttributeType;
  readonly place: Place;
  readonly because: string;
}

/** Attributes that have one type, whether it is known or not. */
export interface Alike {
  readonly attributes: readonly [string, ...string[]];
  readonly type: AttributeType | undefined;
}

const NOWHERE: Place = { kind: "path", rules: [] };

/** Union-find over attributes and variables; each class has at most one type. */
export class TypeClasses {
  readonly faults: Fault[] = [];
  readonly #classes = new UnionFind();
  readonly #known = new Map<string, Known>();
  readonly #reported = new Set<string>();

  typeOf(key: string): AttributeType | undefined {
    return this.#known.get(this.#classes.find(key))?.type;
  }

  is(key: string, known: Known): void {
    const root = this.#classes.find(key);
    const earlier = this.#known.get(root);
    if (earlier === undefined) this.#known.set(root, known);
    else if (earlier.type !== known.type) this.#conflict(earlier, known, known.place);
  }

  same(a: string, b: string, place: Place): void {
    const x = this.#classes.find(a);
    const y = this.#classes.find(b);
    if (x === y) return;
    const [left, right] = [this.#known.get(x), this.#known.get(y)];
    if (left !== undefined && right !== undefined && left.type !== right.type) {
      this.#conflict(left, right, place);
      return;
    }
    this.#classes.join(x, y);
    if (left === undefined && right !== undefined) this.#known.set(x, right);
  }

  /** Joins attributes that a component's rules make alike; a conflict has no place of its own. */
  joinAll({ attributes: [first, ...others], type }: Alike): void {
    if (type !== undefined) this.is(first, { type, place: NOWHERE, because: "" });
    for (const other of others) this.same(first, other, NOWHERE);
  }

  /** The classes that say anything of these keys. */
  among(keys: ReadonlySet<string>): readonly Alike[] {
    const alike = new Map<string, [string, ...string[]]>();
    for (const key of keys) {
      const root = this.#classes.find(key);
      const members = alike.get(root);
      if (members === undefined) alike.set(root, [key]);
      else members.push(key);
    }
    return [...alike]
      .map(([root, attributes]) => ({ attributes, type: this.#known.get(root)?.type }))
      .filter(({ attributes, type }) => type !== undefined || attributes.length > 1);
  }

  #conflict(first: Known, second: Known, place: Place): void {
    const key = JSON.stringify([first.place, second.place, place]);
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    this.faults.push({
      severity: "error",
      code: "type-conflict",
      message: `Here ${named(first.type)} meets ${named(second.type)}: ${first.because}, but ${second.because}.`,
      place,
      related: [first, second].map(({ place: at, because }): Evidence => ({ ...at, because })),
    });
  }
}

/** With its article. */
export function named(type: AttributeType): string {
  switch (type) {
    case "int":
      return "an integer";
    case "string":
      return "a string";
    case "bool":
      return "a boolean";
    case "bytes":
      return "a byte string";
    case "address":
      return "an address";
    case "tuple":
      return "a tuple";
  }
}
