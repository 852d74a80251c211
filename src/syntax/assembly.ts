import type { Diagnostic, RuleSpans, SourceMap, Span } from "../program/diagnostic.ts";
import type { ComponentName, Declaration, Rule } from "../program/program.ts";
import type { Block, Statement } from "./layout.ts";
import type { LoweredRule } from "./lowered.ts";
import { movedProblem } from "./movedPlaces.ts";
import type { ParsedLayout } from "./parseLayout.ts";
import { spanOf } from "./parseLayout.ts";
import type { PlacedRule } from "./placedRules.ts";
import { PlacedRules } from "./placedRules.ts";
import type { Problem } from "./problem.ts";
import { toDiagnostic } from "./problem.ts";
import type { BrokenRule, ReadResult } from "./readResult.ts";
import type { RuleText } from "./readStatement.ts";
import { startOf } from "./readStatement.ts";
import * as words from "./tokens.ts";

/** Nobody reads more, and a text that is no program at all has one for every character. */
const MAX_DIAGNOSTICS = 2000;

interface OpenComponent {
  readonly name: ComponentName;
  readonly by: readonly string[];
  readonly declarations: Declaration[];
  readonly rules: Rule[];
  readonly heads: Map<string, number>;
  /** Something stands in it, readable or not. */
  inhabited: boolean;
}

type Assembled = Omit<ReadResult, "dialect" | "sourceMap"> & {
  readonly sourceMap: SourceMap & { readonly rules: PlacedRules };
};

/** Puts rules into components, gives them their ids, and keeps spans beside them. */
export class Assembly {
  private readonly parsed: ParsedLayout;
  private readonly looseName: ComponentName;
  private readonly components = new Map<ComponentName, OpenComponent>();
  private readonly blockNames: (ComponentName | undefined)[] = [];
  private readonly declarations: Declaration[] = [];
  private readonly placed: PlacedRule[] = [];
  private readonly componentSpans = new Map<string, { block: Span; name: Span }>();
  private readonly declarationSpans = new Map<string, Span>();
  private readonly diagnostics: Diagnostic[] = [];
  private readonly broken: BrokenRule[] = [];

  constructor(parsed: ParsedLayout, looseName: ComponentName) {
    this.parsed = parsed;
    this.looseName = looseName;
    this.openBlocks();
    for (const problem of parsed.problems) this.report(problem);
    for (const { statement, parsed: p } of parsed.declarations) {
      this.scopeOf(statement).push(p.declaration);
      if (!this.declarationSpans.has(p.name)) this.declarationSpans.set(p.name, p.span);
    }
    for (const { statement, problem } of parsed.broken) this.addBroken(statement, problem);
  }

  report(problem: Problem, rule?: string): void {
    if (this.diagnostics.length < MAX_DIAGNOSTICS) {
      this.diagnostics.push(toDiagnostic(problem, rule));
    } else if (this.diagnostics.length === MAX_DIAGNOSTICS) {
      const message = `More than ${MAX_DIAGNOSTICS} things are wrong; the others are not listed.`;
      this.diagnostics.push(toDiagnostic({ code: "too-many-errors", message, span: problem.span }));
    }
  }

  addDeclaration(declaration: Declaration): void {
    this.declarations.push(declaration);
  }

  /** A rule of compact notation. Its id. */
  addPlain(statement: Statement, rule: RuleText): string {
    const component = this.componentOf(statement);
    const { head, spans, problems } = rule.lowered;
    const made = rule.ruleOf(component.name, nextNumber(component, head.relation));
    return this.place(component, made, { from: startOf(statement), spans, problems });
  }

  addRule(statement: Statement, { head, body, spans, problems }: LoweredRule): void {
    const component = this.componentOf(statement);
    const id = `${component.name}/${head.relation}/${nextNumber(component, head.relation)}`;
    this.place(component, { id, head, body }, { from: 0, spans, problems });
  }

  private place(
    component: OpenComponent,
    rule: Rule,
    {
      from,
      spans,
      problems,
    }: { readonly from: number; readonly spans: RuleSpans; readonly problems: readonly Problem[] },
  ): string {
    component.inhabited = true;
    component.rules.push(rule);
    this.placed.push({ rule, from, spans });
    for (const problem of problems) this.report(movedProblem(problem, from), rule.id);
    return rule.id;
  }

  addBroken(statement: Statement, problem: Problem): void {
    const component = this.componentOf(statement);
    component.inhabited = true;
    const [first] = statement.tokens;
    const head = first!.tokenType === words.Identifier ? words.nameOf(first!) : undefined;
    this.broken.push({
      span: spanOf(statement),
      component: component.name,
      ...(head !== undefined && { head }),
      message: problem.message,
    });
    this.report(problem);
  }

  /** Where the rules stood `before`, if that is known, is where many of them still do. */
  finish(before?: PlacedRules): Assembled {
    for (const component of this.components.values()) {
      if (!component.inhabited) this.reportEmpty(component.name);
    }
    return {
      program: {
        declarations: this.declarations,
        components: [...this.components.values()].map(({ name, by, declarations, rules }) => ({
          name,
          by,
          declarations,
          rules,
        })),
      },
      sourceMap: {
        rules: new PlacedRules(this.placed, before),
        components: this.componentSpans,
        declarations: this.declarationSpans,
      },
      diagnostics: this.diagnostics.toSorted((a, b) => a.span.start - b.span.start),
      broken: this.broken.toSorted((a, b) => a.span.start - b.span.start),
    };
  }

  /** Components come in text order; rules outside any block open theirs where the first of them stands. */
  private openBlocks(): void {
    const { blocks, statements } = this.parsed.layout;
    const declared = new Set(this.parsed.declarations.map((d) => d.statement));
    const loose = statements.find((s) => s.block === undefined && !declared.has(s));
    const looseStart = loose === undefined ? Infinity : spanOf(loose).start;
    let looseOpened = loose === undefined;
    blocks.forEach((block, index) => {
      if (!looseOpened && block.open.start > looseStart) {
        looseOpened = true;
        this.open(this.looseName, []);
      }
      this.openBlock(block, index);
    });
    if (!looseOpened) this.open(this.looseName, []);
  }

  private openBlock(block: Block, index: number): void {
    const header = this.parsed.headers[index];
    const name = header?.name.value ?? this.looseName;
    const nameSpan = header?.name.span ?? block.open;
    this.blockNames.push(name);
    if (this.components.has(name)) {
      this.report({
        severity: "warning",
        code: "two-blocks",
        message: `The component \`${name}\` has a block already; both are read as one.`,
        span: nameSpan,
      });
      return;
    }
    this.open(name, header?.by ?? []);
    const start = block.header[0]?.startOffset ?? block.open.start;
    this.componentSpans.set(name, { block: { start, end: block.end }, name: nameSpan });
  }

  private open(name: ComponentName, by: readonly string[]): OpenComponent {
    const existing = this.components.get(name);
    if (existing !== undefined) return existing;
    const component: OpenComponent = {
      name,
      by,
      declarations: [],
      rules: [],
      heads: new Map(),
      inhabited: false,
    };
    this.components.set(name, component);
    return component;
  }

  private componentOf(statement: Statement): OpenComponent {
    const { block } = statement;
    const name = block === undefined ? this.looseName : this.blockNames[block]!;
    return this.components.get(name)!;
  }

  private scopeOf(statement: Statement): Declaration[] {
    return statement.block === undefined
      ? this.declarations
      : this.componentOf(statement).declarations;
  }

  private reportEmpty(name: ComponentName): void {
    this.report({
      code: "empty-component",
      message: `The component \`${name}\` has no rules.`,
      span: this.componentSpans.get(name)?.name ?? { start: 0, end: 0 },
    });
  }
}

function nextNumber({ heads }: OpenComponent, relation: string): number {
  const number = (heads.get(relation) ?? 0) + 1;
  heads.set(relation, number);
  return number;
}
