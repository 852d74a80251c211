import { setImmediate } from "node:timers/promises";

/** What a file of fuzz/ exports besides `CASES`, how many it looks at unless told otherwise: answers how many failed. */
export type Fuzz = (cases: number, seed: number, search: Search) => Promise<number>;

/** The event loop runs this often, so that Ctrl-C is heard. */
const BREATH_MS = 200;
const SAID_MS = 10_000;

/** One search under way: counts its cases, says on stderr how far it is, and ends when it is told to. */
export class Search {
  readonly name: string;
  /** Cases begun. */
  done = 0;
  /** How many there will be. */
  cases: number;
  #stopped = false;
  readonly #started = performance.now();
  #breathed = this.#started;
  #said = this.#started;

  constructor(name: string, cases: number) {
    this.name = name;
    this.cases = cases;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Before a case, or before so many: whether to go on. */
  async next(many = 1): Promise<boolean> {
    const now = performance.now();
    if (now - this.#breathed > BREATH_MS) {
      await setImmediate();
      this.#breathed = now;
    }
    if (this.#stopped) return false;
    if (now - this.#said > SAID_MS) {
      this.#said = now;
      console.error(this.#progress(now));
    }
    this.done += many;
    return true;
  }

  #progress(now: number): string {
    const rate = (1000 * this.done) / (now - this.#started);
    const left = (this.cases - this.done) / rate;
    const time = left < 100 ? `${Math.ceil(left)} s` : `${Math.ceil(left / 60)} min`;
    const speed = rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString("en");
    return `${this.name}: ${counted(this.done)} of ${counted(this.cases)} cases, ${speed} a second, ${time} to go`;
  }
}

export function counted(cases: number): string {
  return cases.toLocaleString("en");
}
