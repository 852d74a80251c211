import type { FunctionTable } from "./functions.ts";
import type { Interner } from "./interner.ts";
import type { Suspicion } from "./suspicion.ts";

/** What one node gives to the code of its component. */
export interface CodeContext {
  readonly interner: Interner;
  readonly functions: FunctionTable;
  /** Something could not be computed; whether that is an error is found out later. */
  suspect(suspicion: Suspicion): void;
}

/**
 * The text of a component's code while it is written. It consists of our own names, numbers and fixed words; whatever
 * comes from the program (constants, functions) is data, handed over when a node starts.
 */
export class CodeText {
  readonly #lines: string[] = [];
  readonly #data: ((context: CodeContext) => unknown)[] = [];
  readonly #known = new Map<string, string>();
  #names = 0;

  line(text: string): void {
    this.#lines.push(text);
  }

  name(prefix: string): string {
    return `${prefix}${this.#names++}`;
  }

  /** The name of an object that every node makes for itself; equal keys share one. */
  datum(make: (context: CodeContext) => unknown, key?: string): string {
    const known = key === undefined ? undefined : this.#known.get(key);
    if (known !== undefined) return known;
    const name = `d${this.#data.length}`;
    this.#data.push(make);
    if (key !== undefined) this.#known.set(key, name);
    return name;
  }

  /** The body of a function of `d`, the data, that makes what `result` (an expression) says. */
  source(result: string): string {
    const data = this.#data.map((_, i) => `const d${i}=d[${i}];`).join("");
    return ['"use strict";', data, ...this.#lines, `return ${result};`].join("\n");
  }

  /** A function that makes what `result` says, anew for every node. */
  factory<T>(result: string): (context: CodeContext) => T {
    const make = made(this.source(result)) as (data: readonly unknown[]) => T;
    return (context) => make(this.#data.map((datum) => datum(context)));
  }
}

const MOST_KEPT = 16;
const kept = new Map<string, unknown>();

/** The same text gives the same function, so that what the engine learnt about it is not learnt again in every run. */
function made(text: string): unknown {
  const known = kept.get(text);
  const make = known ?? Function("d", text);
  kept.delete(text);
  kept.set(text, make);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!);
  return make;
}

/** `x0,x1,…`: as many names as asked for. */
export function names(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${i}`);
}
