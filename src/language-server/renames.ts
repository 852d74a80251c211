import type { Span } from "../program/diagnostic.ts";
import type { ComponentName, RelationName } from "../program/program.ts";

export interface NameChange {
  readonly from: string;
  readonly to: string;
}

/** What a rename changes beyond the text's rules: names that declarations and the deployment repeat. */
export interface Renames {
  readonly relation?: NameChange & { readonly from: RelationName };
  readonly component?: NameChange & { readonly from: ComponentName };
  /** By relation, under its name before: attribute names before to after. */
  readonly attributes: ReadonlyMap<RelationName, ReadonlyMap<string, string>>;
}

export interface TextChange {
  readonly span: Span;
  readonly text: string;
}

/** The text after changes that do not overlap. */
export function changedText(text: string, changes: readonly TextChange[]): string {
  let result = "";
  let at = 0;
  for (const { span, text: put } of changes.toSorted((a, b) => a.span.start - b.span.start)) {
    result += text.slice(at, span.start) + put;
    at = span.end;
  }
  return result + text.slice(at);
}
