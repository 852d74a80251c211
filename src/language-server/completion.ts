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
import { ruleSnippets } from "./ruleSnippets.ts";
import { offsetAt, rangeOf } from "./textLines.ts";

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
  const range = rangeOf(document.lines, { start: wordStart(document.text, offset), end: offset });
  const context = completionContext(document, offset);
  const make = new Items(document, range, options);
  switch (context.kind) {
    case "nothing":
      return [];
    case "tag":
      return [
        make.word("next", "derive it for the node's next tick"),
        make.template("async", "async($1)", "send it to a node"),
      ];
    case "statement":
      return [
        ...make.relations((info) => info.kind === "local" || info.kind === "chan"),
        ...ruleSnippets(document, context.component).map((s) =>
          make.template(s.label, s.body, s.detail, SNIPPET),
        ),
        ...DECLARATIONS.map(([label, body, detail]) => make.template(label, body, detail)),
      ];
    case "literal":
      return [
        ...make.relations((info) => info.kind !== "func"),
        ...make.functions(),
        ...make.variables(context.variables),
      ];
    case "term":
      return [
        ...make.variables(context.variables),
        ...(context.inHead
          ? AGGREGATES.map((name) => make.template(name, `${name}<$1>`, "an aggregate"))
          : []),
      ];
  }
}

const AGGREGATES: readonly string[] = ["count", "sum", "min", "max", "collect", "seal"];

const DECLARATIONS: readonly (readonly [string, string, string])[] = [
  ["component", "component ${1:name} {\n  $0\n}", "rules that run together on one node"],
  ["input", "input ${1:relation}(${2:attributes})", "what clients send"],
  ["output", "output ${1:relation}(${2:attributes})", "answers to clients"],
  ["edb", "edb ${1:relation}(${2:attributes})", "constant, the same at every node"],
  ["node", "node ${1:relation}(${2:attributes})", "constant, each node has its own"],
  ["timer", "timer ${1:relation} every ${2:50}ms", "a fact every so often"],
  ["durable", "durable ${1:relation}", "survives a crash"],
  ["invariant", "invariant ${1:relation}", "must stay empty"],
  ["sink", "sink ${1:relation}", "a log"],
  ["fd", "fd ${1:relation}: ${2:from} -> ${3:to}", "a functional dependency"],
  ["within", "within ${1:relation}.${2:attribute} of ${3:set}", "a foreign key"],
  ["injective", "injective ${1:function}", "different inputs, different outputs"],
  ["function", "function ${1:name}(${2:in} -> ${3:out})", "a function of the embedding code"],
];

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

  template(label: string, body: string, detail: string, kind = KEYWORD): CompletionItem {
    return this.item(label, kind, body, detail);
  }

  variables(names: readonly string[]): readonly CompletionItem[] {
    return names.map((name, i) => ({
      ...this.item(name, VARIABLE, name, "variable of this rule"),
      sortText: `0${String(i).padStart(4, "0")}`,
    }));
  }

  relations(wanted: (info: RelationInfo) => boolean): readonly CompletionItem[] {
    const { analyzed } = this.document;
    return [...analyzed.relations.values()].filter(wanted).map((info) => ({
      ...this.item(
        info.name,
        info.kind === "chan" || info.kind === "env" ? EVENT : RELATION,
        this.literal(info),
        signatureOf(info),
      ),
      documentation: [kindSentence(info), usesSentence(analyzed, info.name)]
        .filter((sentence) => sentence !== "")
        .join(" "),
      sortText: `1${info.name}`,
    }));
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
    ] as const;
    return [
      ...builtin,
      ...declared,
      ...places
        .filter(([name]) => !known.has(name))
        .map(([name, variable, detail]) =>
          this.item(name, FUNCTION, call(name, [variable]), detail),
        ),
    ];
  }

  /** In paper notation what moves through time ends in a location and a time. */
  private literal(info: RelationInfo): string {
    const names = info.attributes.map((a) => a.name);
    const placed =
      this.document.read.dialect === "paper" &&
      (info.kind === "env" || info.kind === "chan" || info.kind === "local");
    return call(info.name, placed ? [...names, "l", "t"] : names);
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
