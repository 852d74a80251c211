import type { Span } from "../program/diagnostic.ts";
import { printCompact, printRuleWrapped } from "../program/printCompact.ts";
import { printDeclaration } from "../program/printDeclaration.ts";
import { detectDialect } from "./detectDialect.ts";
import type { Layout, Statement } from "./layout.ts";
import { layOut } from "./layout.ts";
import type { ParsedLayout } from "./parseLayout.ts";
import { parseLayout, spanOf } from "./parseLayout.ts";
import { read } from "./read.ts";
import { lowerCompactRule } from "./readCompact.ts";
import * as words from "./tokens.ts";

/**
 * The text in canonical layout, with its comments and single blank lines; what cannot be read stays as it is. Comments
 * inside a rule move before it. Paper notation, and a text whose blocks do not fit together, are given back unchanged.
 */
export function format(text: string): string {
  const scanned = words.scan(text);
  if (detectDialect(text) !== "compact") return text;
  const layout = layOut(scanned.tokens, text, { lineNumbers: false });
  const parsed = parseLayout(layout, scanned);
  if (scanned.unreadable.length > 0 || layout.bars.length > 0 || parsed.problems.length > 0) {
    return text;
  }
  const formatted = writeItems(text, itemsOf(text, layout, parsed, scanned.comments));
  return sameProgram(text, formatted) ? formatted : text;
}

type Item = { readonly span: Span } & (
  | { readonly kind: "open" | "comment"; readonly text: string }
  | { readonly kind: "close" }
  | { readonly kind: "statement"; readonly print: (indent: string) => string }
);

/** In text order; a comment inside another item comes right before it. */
function itemsOf(
  text: string,
  layout: Layout,
  parsed: ParsedLayout,
  comments: words.Scanned["comments"],
): readonly Item[] {
  const items = [...blockItems(layout, parsed), ...statementItems(text, parsed)].toSorted(byStart);
  const spans = items.map((item) => item.span);
  const verbatim = parsed.broken.map(({ statement }) => spanOf(statement));
  for (const token of comments) {
    const span = words.spanOf(token);
    if (covering(verbatim, span) !== undefined) continue;
    const start = covering(spans, span)?.start ?? span.start;
    items.push({ kind: "comment", text: token.image.trimEnd(), span: { start, end: span.end } });
  }
  const rank = (item: Item): number => (item.kind === "comment" ? 0 : 1);
  return items.toSorted((a, b) => byStart(a, b) || rank(a) - rank(b));
}

function byStart(a: Item, b: Item): number {
  return a.span.start - b.span.start;
}

/** The last of the ordered spans that begins before the given one and reaches over it. */
function covering(spans: readonly Span[], inner: Span): Span | undefined {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.start <= inner.start) low = middle + 1;
    else high = middle;
  }
  const span = spans[low - 1];
  return span !== undefined && inner.start < span.end ? span : undefined;
}

function blockItems(layout: Layout, parsed: ParsedLayout): Item[] {
  return layout.blocks.flatMap((block, i): Item[] => {
    const header = parsed.headers[i]!;
    const by = header.by.length > 0 ? ` by ${header.by.join(", ")}` : "";
    const start = block.header[0]!.startOffset;
    return [
      {
        kind: "open",
        text: `component ${header.name.value}${by} {`,
        span: { start, end: block.open.end },
      },
      { kind: "close", span: { start: block.end - 1, end: block.end } },
    ];
  });
}

function statementItems(text: string, parsed: ParsedLayout): Item[] {
  const verbatim = (statement: Statement): Item => {
    const { start, end } = spanOf(statement);
    const terminator = /^\s*[.;]/.exec(text.slice(end, end + 80))?.[0].trim() ?? "";
    const raw = text.slice(start, end) + terminator;
    return { kind: "statement", span: { start, end }, print: () => raw };
  };
  return [
    ...parsed.broken.map(({ statement }) => verbatim(statement)),
    ...parsed.declarations.map(({ statement, parsed: p }): Item => {
      const line = printDeclaration(p.declaration);
      return { kind: "statement", span: spanOf(statement), print: () => line };
    }),
    ...parsed.rules.map(({ statement, parsed: p }): Item => {
      const rule = lowerCompactRule(p);
      if (rule.problems.length > 0) return verbatim(statement);
      return {
        kind: "statement",
        span: spanOf(statement),
        print: (indent) => printRuleWrapped(rule, indent),
      };
    }),
  ];
}

function writeItems(text: string, items: readonly Item[]): string {
  const lines: string[] = [];
  let indent = "";
  let previous: Item | undefined;
  for (const item of items) {
    const gap = previous === undefined ? "" : text.slice(previous.span.end, item.span.start);
    const breaks = gap.match(/\r\n|\n|\r/g)?.length ?? 0;
    const trails = item.kind === "comment" && breaks === 0 && previous !== undefined;
    // Nothing goes after a comment on its line.
    if (trails && previous?.kind !== "comment") {
      lines.push(`${lines.pop()!} ${item.text}`);
    } else {
      if (item.kind === "close") indent = "";
      if (needsBlank(previous, item, breaks)) lines.push("");
      lines.push(indent + textOf(item, indent));
    }
    if (item.kind === "open") indent = "  ";
    previous = item;
  }
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function needsBlank(previous: Item | undefined, item: Item, breaks: number): boolean {
  if (previous === undefined || previous.kind === "open" || item.kind === "close") return false;
  return (
    breaks > 1 || previous.kind === "close" || (item.kind === "open" && previous.kind !== "comment")
  );
}

function textOf(item: Item, indent: string): string {
  switch (item.kind) {
    case "open":
    case "comment":
      return item.text;
    case "close":
      return "}";
    case "statement":
      return item.print(indent);
  }
}

function sameProgram(before: string, after: string): boolean {
  const options = { dialect: "compact" } as const;
  const [a, b] = [read(before, options), read(after, options)];
  return a.broken.length === b.broken.length && printCompact(a.program) === printCompact(b.program);
}
