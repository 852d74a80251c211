import type { DocumentSymbol, SymbolKind } from "vscode-languageserver-types";
import { printTerm } from "../program/printTerm.ts";
import type { Span } from "../program/diagnostic.ts";
import type { Rule } from "../program/program.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import { ownRange } from "./textFiles.ts";
import type { TextFile } from "./textFiles.ts";
import { contains, rangeOf } from "./textLines.ts";

const MODULE: SymbolKind = 2;
const FUNCTION: SymbolKind = 12;
const CONSTANT: SymbolKind = 14;
const EVENT: SymbolKind = 24;

interface Item {
  readonly span: Span;
  readonly symbol: DocumentSymbol;
}

/** A file's components with their rules and declarations; what stands outside any block stands beside them. In text order. */
export function documentSymbols(
  document: LanguageDocument,
  file: TextFile = document.files[0]!,
): readonly DocumentSymbol[] {
  const { sourceMap } = document.read;
  const items = [...ruleItems(document, file), ...declarationItems(document, file)]
    .filter((item) => contains(file.span, item.span))
    .toSorted(byStart);
  const own = [...sourceMap.components].filter(([, { block }]) => contains(file.span, block));
  const blocks = own.map(([name, { block, name: nameSpan }]): Item => ({
    span: block,
    symbol: {
      name,
      kind: MODULE,
      detail: "component",
      range: ownRange(file, rangeOf(document.lines, block)),
      selectionRange: ownRange(file, rangeOf(document.lines, nameSpan)),
      children: items.filter((i) => contains(block, i.span)).map((i) => i.symbol),
    },
  }));
  const loose = items.filter((item) => !blocks.some((b) => contains(b.span, item.span)));
  return [...blocks, ...loose].toSorted(byStart).map((item) => item.symbol);
}

function byStart(a: Item, b: Item): number {
  return a.span.start - b.span.start;
}

function ruleItems(document: LanguageDocument, file: TextFile): readonly Item[] {
  return [...document.analyzed.rules.values()].flatMap(({ rule, number }): readonly Item[] => {
    const spans = document.read.sourceMap.rules.get(rule.id);
    if (spans === undefined) return [];
    return [
      {
        span: spans.rule,
        symbol: {
          name: headText(rule),
          detail: `rule ${number}`,
          kind: rule.head.timing.kind === "async" ? EVENT : FUNCTION,
          range: ownRange(file, rangeOf(document.lines, spans.rule)),
          selectionRange: ownRange(file, rangeOf(document.lines, spans.head)),
        },
      },
    ];
  });
}

/** `votes(s, id)@next` */
function headText({ head }: Rule): string {
  const tag = { now: "", next: "@next", async: "@async" }[head.timing.kind];
  return `${head.relation}(${head.terms.map(printTerm).join(", ")})${tag}`;
}

function declarationItems(document: LanguageDocument, file: TextFile): readonly Item[] {
  return [...document.read.sourceMap.declarations].map(([name, span]) => {
    const range = ownRange(file, rangeOf(document.lines, span));
    const detail = /^\S+/.exec(document.text.slice(span.start, span.end))?.[0] ?? "";
    return { span, symbol: { name, detail, kind: CONSTANT, range, selectionRange: range } };
  });
}
