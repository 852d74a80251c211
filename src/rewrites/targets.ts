import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Component, ComponentName, Rule, RuleId } from "../program/program.ts";

/** Reads the fields of a target from untrusted JSON; the first thing wrong with it, as a sentence with a JSON pointer. */
export class TargetReader {
  problem: string | undefined;
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(json: unknown, known: readonly string[]) {
    const isObject = typeof json === "object" && json !== null && !Array.isArray(json);
    this.#fields = isObject ? (json as Readonly<Record<string, unknown>>) : {};
    if (!isObject) this.#fail("", "an object", json);
    for (const field of Object.keys(this.#fields)) {
      if (!known.includes(field))
        this.problem ??= `/${field}: there is no such field in this target.`;
    }
  }

  name(field: string): string {
    const value = this.#fields[field];
    if (typeof value === "string" && value.length > 0) return value;
    this.#fail(field, "a name", value);
    return "";
  }

  names(field: string): readonly string[] {
    return this.#list(
      field,
      "a list of names",
      (v): v is string => typeof v === "string" && v.length > 0,
    );
  }

  indices(field: string): readonly number[] {
    return this.#list(field, "a list of positions from 0", isPosition);
  }

  count(field: string, from: number, to: number): number {
    const value = this.#fields[field];
    if (typeof value === "number" && Number.isInteger(value) && value >= from && value <= to) {
      return value;
    }
    this.#fail(field, `a whole number from ${from} to ${to}`, value);
    return from;
  }

  /** A record of lists of positions, such as a key for each relation. */
  positions(field: string): Readonly<Record<string, readonly number[]>> {
    const value = this.#fields[field];
    const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
    const fits =
      isRecord &&
      Object.values(value).every((list) => Array.isArray(list) && list.every(isPosition));
    if (fits) return value as Readonly<Record<string, readonly number[]>>;
    this.#fail(field, "for each relation a list of positions from 0", value);
    return {};
  }

  /** Anything that fits, else the fallback. */
  value<T>(field: string, expected: string, fits: (json: unknown) => json is T, otherwise: T): T {
    const value = this.#fields[field];
    if (fits(value)) return value;
    this.#fail(field, expected, value);
    return otherwise;
  }

  has(field: string): boolean {
    return Object.hasOwn(this.#fields, field);
  }

  is(field: string, value: unknown): boolean {
    return this.#fields[field] === value;
  }

  /** The target, unless something was wrong. */
  read<T>(target: T): T | string {
    return this.problem ?? target;
  }

  #list<T>(field: string, expected: string, fits: (value: unknown) => value is T): readonly T[] {
    const value: unknown = this.#fields[field];
    if (Array.isArray(value) && value.every(fits)) return value;
    this.#fail(field, expected, value);
    return [];
  }

  #fail(field: string, expected: string, found: unknown): void {
    const pointer = field === "" ? "The target" : `/${field}`;
    const what = found === undefined ? "nothing" : (JSON.stringify(found) ?? typeof found);
    this.problem ??= `${pointer}: expected ${expected}, found ${what.slice(0, 60)}.`;
  }
}

function isPosition(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}

export function componentOf(p: AnalyzedProgram, name: ComponentName): Component | undefined {
  return p.program.components.find((c) => c.name === name);
}

/** The component's rules with these ids, in text order. */
export function rulesIn(
  p: AnalyzedProgram,
  component: ComponentName,
  ids: readonly RuleId[],
): readonly Rule[] {
  const wanted = new Set(ids);
  return componentOf(p, component)?.rules.filter((rule) => wanted.has(rule.id)) ?? [];
}

/** What of a target is not in the program: a sentence, or undefined when all is there. */
export function missing(
  p: AnalyzedProgram,
  component: ComponentName,
  rules: readonly RuleId[],
): string | undefined {
  const found = componentOf(p, component);
  if (found === undefined) return `There is no component ${component}.`;
  const ids = new Set(found.rules.map((rule) => rule.id));
  const absent = rules.find((rule) => !ids.has(rule));
  if (absent !== undefined) return `Component ${component} has no rule ${absent}.`;
  return rules.length === 0 ? "No rule is chosen." : undefined;
}

/** A name that a new component can have: an identifier that no component has yet. */
export function badComponentName(p: AnalyzedProgram, name: ComponentName): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9_']*$/.test(name)) {
    return `“${name}” cannot name a component: a letter comes first, then letters, digits and _.`;
  }
  return componentOf(p, name) === undefined ? undefined : `There is a component ${name} already.`;
}
