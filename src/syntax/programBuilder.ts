import type { Diagnostic, RuleSpans, Span } from "../program/diagnostic.ts";
import type { ComponentName, Declaration, Rule } from "../program/program.ts";
import type { LoweredRule } from "./lowered.ts";
import type { Problem } from "./problem.ts";
import { toDiagnostic } from "./problem.ts";
import type { BrokenRule, ReadResult } from "./readResult.ts";

/** Nobody reads more, and a text that is no program at all has one for every character. */
const MAX_DIAGNOSTICS = 2000;

interface OpenComponent {
  readonly name: ComponentName;
  by: readonly string[];
  readonly declarations: Declaration[];
  readonly rules: Rule[];
  readonly heads: Map<string, number>;
}

/** Puts what a notation without layout rules gives into components, with ids, and keeps spans beside it. */
export class ProgramBuilder {
  readonly #components = new Map<ComponentName, OpenComponent>();
  readonly #declarations: Declaration[] = [];
  readonly #ruleSpans = new Map<string, RuleSpans>();
  readonly #componentSpans = new Map<string, { block: Span; name: Span }>();
  readonly #declarationSpans = new Map<string, Span>();
  readonly #diagnostics: Diagnostic[] = [];
  readonly #broken: BrokenRule[] = [];
  readonly #looseName: ComponentName;
  #current: OpenComponent | undefined;

  /** Rules before any component's name belong to a component named so. */
  constructor(looseName: ComponentName) {
    this.#looseName = looseName;
  }

  /** What comes next belongs to this component. */
  open(name: ComponentName, by: readonly string[], block: Span, nameSpan: Span): void {
    const existing = this.#components.get(name);
    if (existing !== undefined) {
      this.report({
        severity: "warning",
        code: "two-blocks",
        message: `The component \`${name}\` stands here twice; both are read as one.`,
        span: nameSpan,
      });
    }
    this.#current = existing ?? { name, by, declarations: [], rules: [], heads: new Map() };
    this.#components.set(name, this.#current);
    if (existing === undefined) this.#componentSpans.set(name, { block, name: nameSpan });
  }

  report(problem: Problem, rule?: string): void {
    if (this.#diagnostics.length < MAX_DIAGNOSTICS) {
      this.#diagnostics.push(toDiagnostic(problem, rule));
    } else if (this.#diagnostics.length === MAX_DIAGNOSTICS) {
      const message = `More than ${MAX_DIAGNOSTICS} things are wrong; the others are not listed.`;
      this.#diagnostics.push(
        toDiagnostic({ code: "too-many-errors", message, span: problem.span }),
      );
    }
  }

  /** Of the whole program while no component is open, else of the component. */
  addDeclaration(declaration: Declaration, span: Span): void {
    (this.#current?.declarations ?? this.#declarations).push(declaration);
    const name = "relation" in declaration ? declaration.relation : declaration.function;
    if (!this.#declarationSpans.has(name)) this.#declarationSpans.set(name, span);
  }

  addRule(lowered: LoweredRule): void {
    const component = this.#open();
    const { relation } = lowered.head;
    const n = (component.heads.get(relation) ?? 0) + 1;
    component.heads.set(relation, n);
    const id = `${component.name}/${relation}/${n}`;
    component.rules.push({ id, head: lowered.head, body: lowered.body });
    this.#ruleSpans.set(id, lowered.spans);
    for (const problem of lowered.problems) this.report(problem, id);
  }

  addBroken(span: Span, head: string | undefined, problem: Problem): void {
    const component = this.#open().name;
    this.#broken.push({
      span,
      component,
      ...(head !== undefined && { head }),
      message: problem.message,
    });
    this.report(problem);
  }

  finish(): Omit<ReadResult, "dialect"> {
    for (const { name, rules } of this.#components.values()) {
      if (rules.length > 0 || this.#broken.some((b) => b.component === name)) continue;
      const span = this.#componentSpans.get(name)!.name;
      this.report({
        code: "empty-component",
        message: `The component \`${name}\` has no rules.`,
        span,
      });
    }
    return {
      program: {
        declarations: this.#declarations,
        components: [...this.#components.values()].map(({ name, by, declarations, rules }) => ({
          name,
          by,
          declarations,
          rules,
        })),
      },
      sourceMap: {
        rules: this.#ruleSpans,
        components: this.#componentSpans,
        declarations: this.#declarationSpans,
      },
      diagnostics: this.#diagnostics.toSorted((a, b) => a.span.start - b.span.start),
      broken: this.#broken.toSorted((a, b) => a.span.start - b.span.start),
    };
  }

  #open(): OpenComponent {
    if (this.#current === undefined) {
      const nowhere = { start: 0, end: 0 };
      this.open(this.#looseName, [], nowhere, nowhere);
    }
    return this.#current!;
  }
}
