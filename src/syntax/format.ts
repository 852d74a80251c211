import type { Span } from "../program/diagnostic.ts";
import { printCompact, printRuleWrapped } from "../program/printCompact.ts";
import { printDeclarationWrapped } from "../program/printDeclaration.ts";
import { detectDialect } from "./detectDialect.ts";
import type { Dialect } from "./dialect.ts";
import { formatClauses, formatHydroflow } from "./formatClauses.ts";
import { aroundStrings, hydroflowStrings } from "./hydroflowText.ts";
import type { Layout, Statement } from "./layout.ts";
import { layOut } from "./layout.ts";
import type { LayoutItem } from "./layoutItems.ts";
import { withComments, writeItems } from "./layoutItems.ts";
import { paperWords } from "./paperWords.ts";
import type { ParsedLayout } from "./parseLayout.ts";
import { parseLayout, spanOf } from "./parseLayout.ts";
import { read } from "./read.ts";
import { cutClauses } from "./readClauses.ts";
import { spacedRule } from "./spacedWords.ts";
import * as words from "./tokens.ts";

export type Formatted =
  | { readonly kind: "formatted"; readonly text: string }
  /** Laid out it would lose something, so it stays: one sentence. */
  | { readonly kind: "refused"; readonly message: string };

/**
 * The text in canonical layout, with its comments and single blank lines; what cannot be read stays as it is. Comments
 * inside a rule move before it. In compact notation rules are printed anew; in the others their words stay as they are
 * written, and what changes is the blanks between them.
 */
export function format(text: string, dialect: Dialect = detectDialect(text)): Formatted {
  const formatted = laidOut(text, dialect);
  if (formatted.kind === "refused" || formatted.text === text) return formatted;
  if (sameProgram(text, formatted.text, dialect)) return formatted;
  return refused("Laid out, this text would say something else, so it stays as it is.");
}

function laidOut(text: string, dialect: Dialect): Formatted {
  switch (dialect) {
    case "compact":
    case "paper":
      return laidOutBlocks(text, dialect);
    case "hydroflow":
      return { kind: "formatted", text: formatHydroflow(text, faultsOf(text, dialect)) };
    case "molly":
    case "prototype":
      return { kind: "formatted", text: formatClauses(text, dialect, faultsOf(text, dialect)) };
  }
}

function refused(message: string): Formatted {
  return { kind: "refused", message };
}

function faultsOf(text: string, dialect: Dialect): readonly Span[] {
  const { diagnostics } = read(text, { dialect });
  // A file that is not here makes no line unreadable.
  const faults = diagnostics.filter((d) => d.severity === "error" && !d.code.startsWith("include"));
  return faults.map(({ span }) => span);
}

function laidOutBlocks(text: string, dialect: "compact" | "paper"): Formatted {
  const scanned = words.scan(text);
  const layout = layOut(scanned.tokens, text, { lineNumbers: dialect === "paper" });
  const parsed = parseLayout(layout, scanned);
  const [fault] = [...scanned.unreadable, ...layout.bars, ...parsed.problems.map((p) => p.span)];
  if (fault !== undefined) {
    const line = text.slice(0, fault.start).split(/\r\n|\n|\r/).length;
    return refused(`Line ${line} cannot be read as a rule, so the text stays as it is.`);
  }
  const items = [...blockItems(layout, parsed), ...statementItems(text, parsed, dialect)];
  const comments = scanned.comments.map((c) => ({ image: c.image, span: words.spanOf(c) }));
  const verbatim = parsed.broken.map(({ statement }) => spanOf(statement));
  const lines = writeItems(text, withComments(items, comments, verbatim));
  return { kind: "formatted", text: lines.length === 0 ? "" : `${lines.join("\n")}\n` };
}

function blockItems(layout: Layout, parsed: ParsedLayout): LayoutItem[] {
  return layout.blocks.flatMap((block, i): LayoutItem[] => {
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

function statementItems(
  text: string,
  parsed: ParsedLayout,
  dialect: "compact" | "paper",
): LayoutItem[] {
  const verbatim = (statement: Statement): LayoutItem => {
    const { start, end } = spanOf(statement);
    const terminator = /^\s*[.;]/.exec(text.slice(end, end + 80))?.[0].trim() ?? "";
    const raw = text.slice(start, end) + terminator;
    return { kind: "statement", span: { start, end }, print: () => raw };
  };
  const ruleItem = ({ statement, rule }: ParsedLayout["rules"][number]): LayoutItem => {
    const span = spanOf(statement);
    if (dialect === "paper") {
      const spaced = paperWords(statement.tokens);
      return { kind: "statement", span, print: (indent) => spacedRule(spaced, indent) };
    }
    const { lowered } = rule;
    if (lowered.problems.length > 0) return verbatim(statement);
    return { kind: "statement", span, print: (indent) => printRuleWrapped(lowered, indent) };
  };
  return [
    ...parsed.broken.map(({ statement }) => verbatim(statement)),
    ...parsed.declarations.map(({ statement, parsed: { declaration } }): LayoutItem => {
      const print = (indent: string): string => printDeclarationWrapped(declaration, indent);
      return { kind: "statement", span: spanOf(statement), print };
    }),
    ...parsed.rules.map(ruleItem),
  ];
}

/** With all its comments and, in a Rust file, all that is none of ours. */
function sameProgram(before: string, after: string, dialect: Dialect): boolean {
  const [a, b] = [read(before, { dialect }), read(after, { dialect })];
  return (
    a.broken.length === b.broken.length &&
    printCompact(a.program) === printCompact(b.program) &&
    kept(before, dialect) === kept(after, dialect)
  );
}

function kept(text: string, dialect: Dialect): string {
  const comments = commentsOf(text, dialect).map((comment) => comment.trimEnd());
  return JSON.stringify([comments, dialect === "hydroflow" ? aroundStrings(text) : []]);
}

function commentsOf(text: string, dialect: Dialect): readonly string[] {
  switch (dialect) {
    case "compact":
    case "paper":
      return words.scan(text).comments.map((c) => c.image);
    case "hydroflow":
      return hydroflowStrings(text).flatMap((s) => s.comments.map((c) => c.text));
    case "molly":
    case "prototype":
      return cutClauses(text, dialect).comments.map((c) => c.text);
  }
}
