import type { Program, RelationName, Rule, RuleId } from "../program/program.ts";

/** A construct that a notation has no words for: what it is, and where. */
export interface Inexpressible {
  readonly code: string;
  /** One sentence that names the construct. */
  readonly message: string;
  readonly rule?: RuleId;
}

/** A program in the shape that a notation can print, which means the same. */
export type Expressed =
  | { readonly kind: "program"; readonly program: Program }
  | { readonly kind: "problems"; readonly problems: readonly Inexpressible[] };

/** Collects what a notation cannot say of one rule after the other. */
export class Expressing {
  readonly problems: Inexpressible[] = [];
  readonly #notation: string;

  constructor(notation: string) {
    this.#notation = notation;
  }

  refuse(code: string, what: string, rule?: Rule): void {
    const message = `${what}, which ${this.#notation} cannot say.`;
    const known = this.problems.some(
      (p) => p.code === code && p.message === message && p.rule === rule?.id,
    );
    if (!known) this.problems.push({ code, message, ...(rule && { rule: rule.id }) });
  }

  finish(program: Program): Expressed {
    return this.problems.length > 0
      ? { kind: "problems", problems: this.problems }
      : { kind: "program", program };
  }
}

export function sentence({ code, message, rule }: Inexpressible): string {
  return `${rule === undefined ? "" : `${rule}: `}${message} [${code}]`;
}

/** Rule ids count heads, so they follow when relations are renamed. */
export function withIds(component: string, rules: readonly Omit<Rule, "id">[]): readonly Rule[] {
  const counts = new Map<RelationName, number>();
  return rules.map((rule) => {
    const { relation } = rule.head;
    const n = (counts.get(relation) ?? 0) + 1;
    counts.set(relation, n);
    return { id: `${component}/${relation}/${n}`, head: rule.head, body: rule.body };
  });
}
