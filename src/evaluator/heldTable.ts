import { RowList } from "./rowList.ts";
import { DELETED, INSERTED, NEW, STABLE, Table } from "./table.ts";

/** Derived this tick by a rule that reads what lasts one tick, or arrived. */
export const PULSE = 8;
/** Carried into this tick by an inductive rule. */
export const CARRIED = 16;
/** The relation's own persistence rules keep it, as far as is known. */
export const KEPT = 32;
/** Derived for the next tick by an inductive rule that reads what lasts one tick. */
export const NEXT_PULSE = 64;
/** In `touched`. */
export const TOUCHED = 128;
/** Whether its persistence rules keep it must be found out again. */
export const KEEP_UNSURE = 256;
/** Not free. */
export const USED = 512;

/** How a relation's rules of the form `r@next(x̄) :- r(x̄), …` keep its rows. */
export type Keeping = "never" | "always" | ((row: number) => boolean);

/**
 * A relation that lasts: each row knows what supports it, so that only rows whose support changes are ever looked at.
 * A tick goes: contributions, `settle` (which fills `inserted` and `deleted`), contributions for the next tick, `end`.
 */
export class HeldTable extends Table {
  readonly inserted = new RowList();
  readonly deleted = new RowList();
  keeping: Keeping = "never";
  /** Set when rules derive it from itself within a tick: then its own support alone does not decide. */
  recursive = false;
  /** Derivations by rules over lasting relations only: for this tick, and by inductive rules. */
  readonly #count = this.field();
  readonly #nextCount = this.field();
  readonly #flags = this.field();
  #touched = new RowList();
  #touchedNext = new RowList();

  /** A derivation by a rule over lasting relations began (+1) or ceased (-1) to hold. */
  derive(row: number, change: number): void {
    this.#count.numbers[row]! += change;
    this.touch(row);
  }

  deriveNext(row: number, change: number): void {
    this.#nextCount.numbers[row]! += change;
    this.touch(row);
  }

  pulse(row: number): void {
    this.#flags.numbers[row]! |= PULSE;
    this.touch(row);
  }

  pulseNext(row: number): void {
    this.#flags.numbers[row]! |= NEXT_PULSE;
    this.touch(row);
  }

  /** A condition of a persistence rule changed for this row. */
  doubtKeeping(row: number): void {
    this.#flags.numbers[row]! |= KEEP_UNSURE;
    this.touch(row);
  }

  touch(row: number): void {
    const flags = this.#flags.numbers[row]!;
    if ((flags & TOUCHED) !== 0) return;
    this.#flags.numbers[row] = flags | TOUCHED | USED;
    this.#touched.push(row);
  }

  /** The coming tick starts with the row, or without it, whatever the last one ended with. */
  carry(row: number, carried: boolean): void {
    if (carried) this.#flags.numbers[row]! |= CARRIED;
    else this.#flags.numbers[row]! &= ~CARRIED;
    this.touch(row);
  }

  /** Between ticks: the coming one starts with the row. */
  isCarried(row: number): boolean {
    return (this.#flags.numbers[row]! & CARRIED) !== 0;
  }

  get touched(): RowList {
    return this.#touched;
  }

  /** Whether something other than recursion within the tick supports it. */
  isSupported(row: number): boolean {
    return (this.#flags.numbers[row]! & (PULSE | CARRIED)) !== 0 || this.#count.numbers[row]! > 0;
  }

  /** Decides which touched rows hold in this tick. */
  settle(): void {
    const touched = this.#touched;
    for (let i = 0; i < touched.length; i++) {
      const row = touched.at(i);
      const supported = this.isSupported(row);
      const view = this.view[row]!;
      if (supported && view === 0) this.appear(row);
      else if (!supported && view === STABLE) this.disappear(row);
    }
  }

  appear(row: number): void {
    this.insert(row);
    this.inserted.push(row);
  }

  disappear(row: number): void {
    this.view[row] = DELETED;
    this.present--;
    this.deleted.push(row);
  }

  /** Closes the tick: how many rows the next tick starts with that this one did not, or the other way round. */
  end(): number {
    let differences = 0;
    const done = this.#touched;
    for (let i = 0; i < done.length; i++) differences += this.#endRow(done.at(i));
    this.#touched = this.#touchedNext;
    this.#touchedNext = done;
    done.clear();
    if (this.isSparse) {
      // Rows that ceased to hold are free now.
      this.deleted.clear();
      const places = this.closeUp();
      for (const list of [this.#touched, done, this.inserted]) list.relocate(places);
    }
    return differences;
  }

  override isUsed(row: number): boolean {
    return (this.#flags.numbers[row]! & USED) !== 0;
  }

  #endRow(row: number): number {
    const flags = this.#flags.numbers[row]!;
    const view = this.view[row]!;
    const holds = (view & NEW) !== 0;
    const kept = holds && this.#isKept(row, flags, view);
    const pulses = (flags & NEXT_PULSE) !== 0;
    const carried = kept || pulses || this.#nextCount.numbers[row]! > 0;
    const wasCarried = (flags & CARRIED) !== 0;

    if (view === INSERTED) this.view[row] = STABLE;
    else if (view === DELETED) {
      this.view[row] = 0;
      for (let i = 0; i < this.indexes.length; i++) this.indexes[i]!.remove(row);
    }
    const willHold = carried || this.#count.numbers[row]! > 0;
    const lost = (flags & PULSE) !== 0 || (wasCarried && !carried);
    const again = pulses || (holds ? !willHold && (lost || !this.recursive) : willHold);
    if (!again && !holds && !willHold) {
      this.#flags.numbers[row] = 0;
      this.free(row);
    } else {
      this.#flags.numbers[row] =
        USED | (kept ? KEPT : 0) | (carried ? CARRIED : 0) | (again ? TOUCHED : 0);
      if (again) this.#touchedNext.push(row);
    }
    return carried === wasCarried ? 0 : 1;
  }

  #isKept(row: number, flags: number, view: number): boolean {
    if (typeof this.keeping === "string") return this.keeping === "always";
    const known = view !== INSERTED && (flags & KEEP_UNSURE) === 0;
    return known ? (flags & KEPT) !== 0 : this.keeping(row);
  }
}
