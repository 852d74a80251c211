import type { Span } from "../program/diagnostic.ts";
import type { ComponentName, RelationName, Rule } from "../program/program.ts";
import { readAnnotations } from "./annotations.ts";
import type { Annotation } from "./annotations.ts";
import type { HydroflowString } from "./hydroflowText.ts";
import { cutHydroflow, DIRECTIVES, hydroflowStrings } from "./hydroflowText.ts";
import { HydroflowGrammar } from "./hydroflowGrammar.ts";
import { ENUMERATION_NAME, enumerations } from "./enumerations.ts";
import { LegalNames } from "./legalNames.ts";
import { withoutLonelyVariables } from "./lonelyVariables.ts";
import type { LoweredRule } from "./lowered.ts";
import { loweredRule, relationLiteral, variable } from "./lowerings.ts";
import { mapDeclaration } from "./mapRule.ts";
import type { NotationToken } from "./notationTokens.ts";
import { clashesWithNodeAt, NODE_AT_NAME, withNumberedNodes } from "./numberedNodes.ts";
import { ProgramBuilder } from "./programBuilder.ts";
import type { ReadResult } from "./readResult.ts";
import { TokenCursor } from "./tokenCursor.ts";

/** Names that the reader makes up, where a relation of the text must not be called so. */
const WITH_NODE_AT = new RegExp(`${NODE_AT_NAME.source}|${ENUMERATION_NAME.source}`);

/** Reads Hydroflow datalog, by itself or out of a Rust file (language.md section 2); one string is one component. */
export function readHydroflow(text: string, fileName: ComponentName): Omit<ReadResult, "dialect"> {
  const strings = hydroflowStrings(text);
  const result = readStrings(strings, fileName, ENUMERATION_NAME);
  const clashes = clashesWithNodeAt(result.program);
  return withNumberedNodes(clashes ? readStrings(strings, fileName, WITH_NODE_AT) : result);
}

function readStrings(
  strings: readonly HydroflowString[],
  fileName: ComponentName,
  madeUp: RegExp,
): Omit<ReadResult, "dialect"> {
  const relations = new LegalNames("relation", strings.flatMap(namesIn), madeUp);
  const builder = new ProgramBuilder(fileName);
  strings.forEach((string, index) => {
    const name = index === 0 ? fileName : `${fileName}_${index + 1}`;
    new StringReader(builder, string, relations).read(name);
  });
  return builder.finish();
}

function namesIn({ tokens }: HydroflowString): readonly string[] {
  return tokens.flatMap((t) => (t.kind === "name" ? [t.image] : []));
}

interface Item {
  readonly start: number;
  readonly read: () => void;
}

/** Reads one string into the component that is named in it. */
class StringReader {
  readonly #builder: ProgramBuilder;
  readonly #string: HydroflowString;
  readonly #relations: LegalNames;
  readonly #persisted: { readonly relation: RelationName; readonly span: Span }[] = [];
  readonly #rules: LoweredRule[] = [];
  readonly #arities = new Map<RelationName, number>();

  constructor(builder: ProgramBuilder, string: HydroflowString, relations: LegalNames) {
    this.#builder = builder;
    this.#string = string;
    this.#relations = relations;
  }

  read(name: ComponentName): void {
    const { start, end, text, tokens, comments } = this.#string;
    const annotations = readAnnotations(comments, text);
    const named = annotations.find((a) => a.kind === "component");
    const statements = cutHydroflow(tokens);
    if (named === undefined && statements.length > 0) {
      this.#builder.open(name, [], { start, end }, { start, end: start });
    }
    const items: Item[] = [
      ...annotations.map((a) => ({
        start: a.span.start,
        read: () => this.#annotation(a, a === named),
      })),
      ...statements.map((s) => ({
        start: s[0]!.span.start,
        read: () => this.#statement(s),
      })),
    ];
    for (const item of items.toSorted((a, b) => a.start - b.start)) item.read();
    for (const { relation, span } of this.#persisted) this.#persist(relation, span);
    for (const { rule, index } of enumerations(this.#rules)) {
      this.#builder.addRule(placedAt(rule, this.#rules[index]!.spans.head));
    }
  }

  #annotation(annotation: Annotation, isName: boolean): void {
    switch (annotation.kind) {
      case "component": {
        const { name, by } = annotation.header;
        const { start, end } = this.#string;
        if (isName) this.#builder.open(name.value, by, { start, end }, name.span);
        return;
      }
      case "declaration":
        return this.#builder.addDeclaration(
          mapDeclaration(annotation.declaration, (name) => this.#relations.of(name)),
          annotation.span,
        );
      case "broken":
        return this.#builder.report(annotation.problem);
    }
  }

  #statement(tokens: readonly NotationToken[]): void {
    const [first] = tokens;
    const span = { start: first!.span.start, end: tokens.at(-1)!.span.end };
    const cursor = new TokenCursor(tokens);
    const grammar = new HydroflowGrammar(cursor, this.#relations, tokens);
    if (first!.image === ".persist") {
      const relation = grammar.persisted();
      if (cursor.problem !== undefined) this.#builder.report(cursor.problem);
      else this.#persisted.push({ relation, span });
    } else if (DIRECTIVES.has(first!.image)) {
      const declaration = grammar.declaration();
      if (cursor.problem !== undefined) this.#builder.report(cursor.problem);
      else this.#builder.addDeclaration(declaration, span);
    } else {
      const rules = grammar.rule(span).map(withoutLonelyVariables);
      const head = first!.kind === "name" ? this.#relations.of(first!.image) : undefined;
      if (cursor.problem !== undefined) return this.#builder.addBroken(span, head, cursor.problem);
      for (const rule of rules) {
        this.#noteArities(rule);
        this.#add(rule);
      }
    }
  }

  #noteArities({ head, body }: LoweredRule): void {
    this.#arities.set(head.relation, head.terms.length);
    for (const l of body) if (l.kind === "relation") this.#arities.set(l.relation, l.terms.length);
  }

  /** `.persist r` is the rule that keeps r. */
  #persist(relation: RelationName, span: Span): void {
    const arity = this.#arities.get(relation);
    if (arity === undefined) {
      const message = `\`${relation}\` is persisted, and no rule uses it.`;
      return this.#builder.report({ severity: "warning", code: "unused-persist", message, span });
    }
    const terms = Array.from({ length: arity }, (_, i) => variable(`x${i + 1}`));
    const spans = terms.map(() => span);
    const head = {
      head: { relation, terms, timing: { kind: "next" } as const },
      span,
      terms: spans,
    };
    const literal = { literal: relationLiteral(relation, terms), span, terms: spans };
    this.#add(loweredRule(head, [literal], span, []));
  }

  #add(rule: LoweredRule): void {
    this.#rules.push(rule);
    this.#builder.addRule(rule);
  }
}

/** A rule that stands nowhere in the text by itself. */
function placedAt({ head, body }: Omit<Rule, "id">, span: Span): LoweredRule {
  const terms = head.terms.map(() => span);
  const literals = body.map((literal) => ({
    literal,
    span,
    terms: literal.kind === "relation" ? literal.terms.map(() => span) : [span, span],
  }));
  return loweredRule({ head, span, terms }, literals, span, []);
}
