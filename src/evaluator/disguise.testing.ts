import type { Program } from "../program/program.ts";
import type { Fact, NodeEnvironment } from "./nodeEngine.ts";

/** Texts made to break out of generated code, to look like its own names, or to mean something to the engine. */
export const NASTY: readonly string[] = [
  '"];globalThis.broken=1;//',
  "');globalThis.broken=1;//",
  "`${globalThis.broken=1}`",
  "*/globalThis.broken=1;/*",
  "\n}globalThis.broken=1;{\r",
  "\u2028globalThis.broken=1;\u2029",
  "</script><script>globalThis.broken=1</script>",
  "\\",
  "\\u0022",
  "'",
  '"',
  "$&$`$'$1",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "return",
  "globalThis",
  "arguments",
  "undefined",
  "row",
  "by",
  "t0",
  "t0_up",
  "d0",
  "q1",
  "r0",
  "\ud800",
  "\0",
  "=>",
];

/** Names whose meaning is the language's. */
const BUILT_IN = new Set([
  ..."self tick choose index boot orig mykey trusted publicKey".split(" "),
  ..."hash hmac sign verify encrypt decrypt len concat partition".split(" "),
]);

/** Where a program's own texts stand, by the key of the data that they are in. */
const OWN = new Set(
  "relation function of name variable over attribute from to by id value row rows".split(" "),
);

/**
 * Gives every text of a program another one of these, the same one everywhere, different texts different ones. No reader
 * lets a space or a leading `#` into a name: relations and variables that the evaluator makes have them.
 */
export class Disguise {
  readonly #texts: readonly string[];
  readonly #given = new Map<string, string>();
  readonly #taken = new Set(BUILT_IN);

  constructor(texts: readonly string[]) {
    this.#texts = texts;
  }

  text(plain: string): string {
    let given = this.#given.get(plain);
    if (given !== undefined) return given;
    const number = this.#given.size;
    given = (this.#texts[number % this.#texts.length] ?? "").replaceAll(" ", "").replace(/^#+/, "");
    if (given === "" || this.#taken.has(given)) given += `'${number}`;
    this.#given.set(plain, given);
    this.#taken.add(given);
    return given;
  }

  program(plain: Program): Program {
    return this.#data(plain, "") as Program;
  }

  schedule(plain: readonly (readonly Fact[])[]): readonly (readonly Fact[])[] {
    return this.#data(plain, "") as readonly (readonly Fact[])[];
  }

  environment({ address, edb, functions }: NodeEnvironment): NodeEnvironment {
    return {
      address: this.text(address),
      edb: new Map(
        [...edb].map(([relation, rows]) => [
          this.#name(relation),
          this.#data(rows, "rows") as typeof rows,
        ]),
      ),
      functions: new Map(
        [...functions].map(([key, implementation]) => [
          key.replace(/^[^/]*/, (name) => this.#name(name)),
          implementation,
        ]),
      ),
    };
  }

  #name(plain: string): string {
    return BUILT_IN.has(plain) ? plain : this.text(plain);
  }

  #data(plain: unknown, key: string): unknown {
    if (typeof plain === "string") return OWN.has(key) ? this.#name(plain) : plain;
    if (Array.isArray(plain)) return plain.map((item) => this.#data(item, key));
    if (typeof plain !== "object" || plain === null) return plain;
    return Object.fromEntries(
      Object.entries(plain).map(([name, value]) => [name, this.#data(value, name)]),
    );
  }
}
