import type { Span } from "../program/diagnostic.ts";

/** What a formatted text is made of, each on lines of its own but for a comment that stands behind something. */
export type LayoutItem = { readonly span: Span } & (
  | { readonly kind: "open"; readonly text: string }
  /** One that stood inside what follows it now. */
  | { readonly kind: "comment"; readonly text: string; readonly isMoved: boolean }
  | { readonly kind: "close" }
  | { readonly kind: "statement"; readonly print: (indent: string) => string }
);

export interface LayoutComment {
  /** As it is written, with the characters that begin and end it. */
  readonly image: string;
  readonly span: Span;
}

/** In text order; a comment inside an item comes right before it, one inside what stays verbatim stays. */
export function withComments(
  items: readonly LayoutItem[],
  comments: readonly LayoutComment[],
  verbatim: readonly Span[],
): readonly LayoutItem[] {
  const all = items.toSorted(byStart);
  const spans = all.map((item) => item.span);
  for (const { image, span } of comments) {
    if (covering(verbatim, span) !== undefined) continue;
    const within = covering(spans, span);
    all.push({
      kind: "comment",
      text: image.trimEnd(),
      isMoved: within !== undefined,
      span: { start: within?.start ?? span.start, end: span.end },
    });
  }
  const rank = (item: LayoutItem): number => (item.kind === "comment" ? 0 : 1);
  return all.toSorted((a, b) => byStart(a, b) || rank(a) - rank(b));
}

function byStart(a: LayoutItem, b: LayoutItem): number {
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

/** The lines, from `margin` on; single blank lines stay. */
export function writeItems(text: string, items: readonly LayoutItem[], margin = ""): string[] {
  const lines: string[] = [];
  let indent = margin;
  let previous: LayoutItem | undefined;
  for (const item of items) {
    const gap = previous === undefined ? "" : text.slice(previous.span.end, item.span.start);
    const breaks = gap.match(/\r\n|\n|\r/g)?.length ?? 0;
    const trails = item.kind === "comment" && !item.isMoved && breaks === 0;
    // Nothing goes after a comment on its line.
    if (trails && previous !== undefined && previous.kind !== "comment") {
      lines.push(`${lines.pop()!} ${item.text}`);
    } else {
      if (item.kind === "close") indent = margin;
      if (needsBlank(previous, item, breaks)) lines.push("");
      lines.push(indent + textOf(item, indent));
    }
    if (item.kind === "open") indent = `${margin}  `;
    previous = item;
  }
  return lines;
}

function needsBlank(previous: LayoutItem | undefined, item: LayoutItem, breaks: number): boolean {
  if (previous === undefined || previous.kind === "open" || item.kind === "close") return false;
  return (
    breaks > 1 || previous.kind === "close" || (item.kind === "open" && previous.kind !== "comment")
  );
}

function textOf(item: LayoutItem, indent: string): string {
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
