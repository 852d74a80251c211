import { BUILTIN_FUNCTIONS } from "../program/functions.ts";

const RELATIONS: ReadonlySet<string> = new Set([
  "self",
  "tick",
  "addr",
  "delay",
  "choose",
  "index",
  "random",
  ...BUILTIN_FUNCTIONS.map((f) => f.name),
]);
const VARIABLES: ReadonlySet<string> = new Set(["self"]);
const WORDS: ReadonlySet<string> = new Set(["true", "false"]);

/**
 * Names of another notation as names of the program: what is no name there, or means something else, gets another one, the
 * same wherever it stands, and never one that the text uses itself.
 */
export class LegalNames {
  readonly #taken: Set<string>;
  readonly #reserved: ReadonlySet<string>;
  readonly #names = new Map<string, string>();
  readonly #letter: string;
  /** Names that a reader makes up itself. */
  readonly #madeUp: RegExp | undefined;

  constructor(kind: "relation" | "variable", used: Iterable<string>, madeUp?: RegExp) {
    this.#madeUp = madeUp;
    this.#taken = new Set(used);
    this.#reserved = kind === "relation" ? RELATIONS : VARIABLES;
    this.#letter = kind === "relation" ? "r" : "v";
  }

  of(original: string): string {
    const known = this.#names.get(original);
    if (known !== undefined) return known;
    const name = this.#isLegal(original) ? original : this.#fresh(original);
    this.#names.set(original, name);
    return name;
  }

  /** A name for what the text has no name for. */
  madeUp(wanted: string): string {
    return this.#fresh(wanted);
  }

  #isLegal(name: string): boolean {
    if (this.#madeUp?.test(name)) return false;
    return /^[A-Za-z][A-Za-z0-9_']*$/.test(name) && !this.#reserved.has(name) && !WORDS.has(name);
  }

  #fresh(original: string): string {
    const plain = original.replace(/[^A-Za-z0-9_']+/g, "_").replace(/^_+/, "");
    const base = /^[A-Za-z]/.test(plain) ? plain : `${this.#letter}${plain}`;
    let name = base;
    for (let i = 1; this.#taken.has(name) || !this.#isLegal(name); i++) name = `${base}_${i}`;
    this.#taken.add(name);
    return name;
  }
}
