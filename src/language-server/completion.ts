import type {
  CompletionItem,
  CompletionItemKind,
  Position,
  Range,
} from "vscode-languageserver-types";
import type { RelationInfo } from "../analysis/analyzedProgram.ts";
import { BUILTIN_FUNCTIONS } from "../program/functions.ts";
import { completionContext, wordStart } from "./completionContext.ts";
import { functionText } from "./hover.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import { kindSentence, signatureOf, usesSentence } from "./relationFacts.ts";
import { aggregateSnippets, declarationSnippets } from "./declarationSnippets.ts";
import { ruleSnippets } from "./ruleSnippets.ts";
import { offsetAt, rangeOf } from "./textLines.ts";
import { namesOf } from "./textNames.ts";
import { isMadeUp, writtenAttributes } from "./writtenAttributes.ts";

const FUNCTION: CompletionItemKind = 3;
const VARIABLE: CompletionItemKind = 6;
const RELATION: CompletionItemKind = 7;
const KEYWORD: CompletionItemKind = 14;
const SNIPPET: CompletionItemKind = 15;
/** Channels and inputs. */
const EVENT: CompletionItemKind = 23;
const SNIPPET_TEXT = 2;
const PLAIN_TEXT = 1;

export interface CompletionOptions {
  /** Whether the client fills in snippets. */
  readonly snippets: boolean;
}

/** What can be written at a position: it depends on whether a rule, a literal, a term or a tag begins there. */
export function completion(
  document: LanguageDocument,
  position: Position,
  options: CompletionOptions,
): readonly CompletionItem[] {
  const offset = offsetAt(document.lines, position);
  const context = completionContext(document, offset);
  const range = rangeOf(document.lines, { start: typedStart(document, offset), end: offset });
  const make = new Items(document, range, options);
  const { dialect } = document.read;
  const hasFunctions = dialect === "compact" || dialect === "paper";
  switch (context.kind) {
    case "nothing":
      return [];
    case "tag":
      return make.tags(context.variables);
    case "statement":
      return [
        ...make.relations((info) => info.kind === "local" || info.kind === "chan"),
        ...ruleSnippets(document, context.component).map((s) =>
          make.template(s.label, s.body, s.detail, SNIPPET),
        ),
        ...declarationSnippets(dialect).map((s) => make.template(s.label, s.body, s.detail)),
      ];
    case "literal":
      return [
        ...make.relations(
          ({ kind, name }) =>
            kind !== "func" && (kind !== "builtin" || (hasFunctions && name !== "choose")),
          context.variables[0],
        ),
        ...(hasFunctions ? make.functions() : []),
        ...(dialect === "prototype" ? [make.choice("($1)", "($2)")] : []),
        ...(dialect === "prototype" || dialect === "molly" ? make.negations() : []),
        ...make.variables(context.variables),
      ];
    case "term":
      return [
        ...make.variables(context.variables),
        ...(context.inHead ? aggregateSnippets(dialect) : []).map((s) =>
          make.template(s.label, s.body, s.detail),
        ),
      ];
  }
}

/** In Hydroflow a directive begins with a dot. */
function typedStart({ text, read }: LanguageDocument, offset: number): number {
  const start = wordStart(text, offset);
  const isDirective = read.dialect === "hydroflow" && /(?:^|[\s"])\.$/.test(text.slice(0, start));
  return isDirective ? start - 1 : start;
}

/** Items that replace the word being typed. */
class Items {
  private readonly document: LanguageDocument;
  private readonly range: Range;
  private readonly options: CompletionOptions;

  constructor(document: LanguageDocument, range: Range, options: CompletionOptions) {
    this.document = document;
    this.range = range;
    this.options = options;
  }

  word(label: string, detail: string): CompletionItem {
    return this.item(label, KEYWORD, label, detail);
  }

  /** After `@`: in Hydroflow a destination, else when the head holds. */
  tags(variables: readonly string[]): readonly CompletionItem[] {
    const next = this.word("next", "derive it for the node's next tick");
    switch (this.document.read.dialect) {
      case "compact":
      case "paper":
        return [next, this.template("async", "async($1)", "send it to a node")];
      case "molly":
      case "prototype":
        return [next, this.word("async", "send it to the node of its first attribute")];
      case "hydroflow":
        return this.variables(variables);
    }
  }

  template(label: string, body: string, detail: string, kind = KEYWORD): CompletionItem {
    return this.item(label, kind, body, detail);
  }

  variables(names: readonly string[]): readonly CompletionItem[] {
    return names.map((name, i) => ({
      ...this.item(name, VARIABLE, name, "variable of this rule"),
      sortText: `0${String(i).padStart(4, "0")}`,
    }));
  }

  /** `place`: the node that the rule is at, where the notation writes it. */
  relations(wanted: (info: RelationInfo) => boolean, place?: string): readonly CompletionItem[] {
    const { analyzed } = this.document;
    const halfTyped = this.halfTyped();
    const known = [...analyzed.relations.values()].filter(
      (info) => wanted(info) && !isMadeUp(this.document, info.name) && info.name !== halfTyped,
    );
    return known.map((info) => ({
      ...this.item(
        info.name,
        info.kind === "chan" || info.kind === "env" ? EVENT : RELATION,
        this.literal(info, place),
        signatureOf({ ...info, attributes: writtenAttributes(this.document, info) }),
      ),
      documentation: [kindSentence(info), usesSentence(analyzed, info.name)]
        .filter((sentence) => sentence !== "")
        .join(" "),
      sortText: `1${info.name}`,
    }));
  }

  /** A name that nothing gives and that stands nowhere but where it is being written. */
  private halfTyped(): string | undefined {
    const { document, range } = this;
    const start = offsetAt(document.lines, range.start);
    const uses = namesOf(document).filter((use) => use.kind === "relation");
    const typed = uses.find(({ span }) => span.start === start)?.name;
    const isAlone = uses.filter(({ name }) => name === typed).length === 1;
    const kind = document.analyzed.relations.get(typed ?? "")?.kind;
    return isAlone && kind === "env" ? typed : undefined;
  }

  /** Where a negation is a word. */
  negations(): readonly CompletionItem[] {
    const words = this.document.read.dialect === "prototype" ? ["notin", "not"] : ["notin"];
    return words.map((word) => this.word(word, "the fact is not there"));
  }

  functions(): readonly CompletionItem[] {
    const known = this.document.analyzed.relations;
    const builtin = BUILTIN_FUNCTIONS.map((f) => ({
      ...this.item(
        f.name,
        FUNCTION,
        call(
          f.name,
          [...f.inputs, ...f.outputs].map((a) => a.name),
        ),
        functionText(f),
      ),
      documentation: f.documentation,
      sortText: `2${f.name}`,
    }));
    const declared = [...known.values()]
      .filter(
        (info) => info.kind === "func" && !BUILTIN_FUNCTIONS.some((f) => f.name === info.name),
      )
      .map((info) => this.item(info.name, FUNCTION, this.literal(info), signatureOf(info)));
    const places = [
      ["self", "l", "the node's own address"],
      ["tick", "t", "the number of the node's tick"],
      ["index", "i", "the number of the row, in any order"],
    ] as const;
    return [
      ...builtin,
      ...declared,
      ...places
        .filter(([name]) => !known.has(name))
        .map(([name, variable, detail]) =>
          this.item(name, FUNCTION, call(name, [variable]), detail),
        ),
      this.choice("($1,)", "($2,)"),
    ];
  }

  choice(keys: string, values: string): CompletionItem {
    const body = `choose(${keys}, ${values})`;
    return this.template("choose", body, "for these keys one of the values", FUNCTION);
  }

  private literal(info: RelationInfo, place?: string): string {
    const names = writtenAttributes(this.document, info, place).map((a) => a.name);
    const isBare = names.length === 0 && this.document.read.dialect === "prototype";
    return isBare ? info.name : call(info.name, names);
  }

  private item(
    label: string,
    kind: CompletionItemKind,
    body: string,
    detail: string,
  ): CompletionItem {
    const { snippets } = this.options;
    const isSnippet = snippets && /\$[{\d]/.test(body);
    return {
      label,
      kind,
      detail,
      insertTextFormat: isSnippet ? SNIPPET_TEXT : PLAIN_TEXT,
      textEdit: { range: this.range, newText: isSnippet ? body : withoutStops(body) },
    };
  }
}

function call(name: string, terms: readonly string[]): string {
  return `${name}(${terms.map((term, i) => `\${${i + 1}:${term}}`).join(", ")})`;
}

/** A snippet's text as it stands before anybody fills it in. */
function withoutStops(body: string): string {
  return body.replace(/\$\{\d+:([^}]*)\}/g, "$1").replace(/\$\d/g, "");
}
