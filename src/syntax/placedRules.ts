import type { RuleSpans } from "../program/diagnostic.ts";
import type { Rule, RuleId } from "../program/program.ts";
import { movedRuleSpans } from "./movedPlaces.ts";

export interface PlacedRule {
  readonly rule: Rule;
  /** Where it begins; its places count from there. */
  readonly from: number;
  readonly spans: RuleSpans;
}

/**
 * Where each rule stands. An edit moves all rules that follow, so places are told when somebody asks for them: nothing is
 * made anew for a rule of which only that is new.
 */
export class PlacedRules implements ReadonlyMap<RuleId, RuleSpans> {
  readonly #placed: readonly PlacedRule[];
  readonly #told: (RuleSpans | undefined)[] = [];
  readonly #numbers: Numbers;

  /** In text order; what is known of `before` is taken over where the rules are the same. */
  constructor(placed: readonly PlacedRule[], before?: PlacedRules) {
    this.#placed = placed;
    const same =
      before !== undefined &&
      before.size === placed.length &&
      placed.every(({ rule }, i) => rule.id === before.#placed[i]!.rule.id);
    this.#numbers = same ? before.#numbers : new Numbers(placed);
  }

  get size(): number {
    return this.#placed.length;
  }

  /** Where the rule begins, and its places counted from there: these are the same object while the rule stays as it is. */
  within(id: RuleId): { readonly from: number; readonly spans: RuleSpans } | undefined {
    const number = this.#numbers.of(id);
    return number === undefined ? undefined : this.#placed[number];
  }

  has(id: RuleId): boolean {
    return this.#numbers.of(id) !== undefined;
  }

  get(id: RuleId): RuleSpans | undefined {
    const number = this.#numbers.of(id);
    return number === undefined ? undefined : this.#spans(number);
  }

  forEach(use: (spans: RuleSpans, id: RuleId, map: ReadonlyMap<RuleId, RuleSpans>) => void): void {
    for (const [id, spans] of this) use(spans, id, this);
  }

  *entries(): MapIterator<[RuleId, RuleSpans]> {
    for (const [number, { rule }] of this.#placed.entries()) yield [rule.id, this.#spans(number)];
  }

  *keys(): MapIterator<RuleId> {
    for (const { rule } of this.#placed) yield rule.id;
  }

  *values(): MapIterator<RuleSpans> {
    for (const number of this.#placed.keys()) yield this.#spans(number);
  }

  [Symbol.iterator](): MapIterator<[RuleId, RuleSpans]> {
    return this.entries();
  }

  #spans(number: number): RuleSpans {
    const { from, spans } = this.#placed[number]!;
    return (this.#told[number] ??= movedRuleSpans(spans, from));
  }
}

/** The rules' places in the list, once somebody asks. */
class Numbers {
  #placed: readonly PlacedRule[];
  #numbers: ReadonlyMap<RuleId, number> | undefined;

  constructor(placed: readonly PlacedRule[]) {
    this.#placed = placed;
  }

  of(id: RuleId): number | undefined {
    if (this.#numbers === undefined) {
      this.#numbers = new Map(this.#placed.map(({ rule }, number) => [rule.id, number]));
      this.#placed = [];
    }
    return this.#numbers.get(id);
  }
}
