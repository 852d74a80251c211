import type { Diagnostic, Span } from "../program/diagnostic.ts";
import { formatDiagnostics, linesOf, placesIn } from "./output.ts";

/** A file that a program is made of, where it stands in the text of all of them. */
export interface LoadedFile {
  readonly file: string;
  readonly text: string;
  readonly start: number;
}

/** The program's own file first. Each diagnostic is said of the file that it is in. */
interface Said {
  readonly files: readonly LoadedFile[];
  /** With places in the text of all files. */
  readonly diagnostics: readonly Diagnostic[];
}

/** As lines for people: `lib/keep.ded:3:1: error arity: …`. */
export function diagnosticLines({ files, diagnostics }: Said): string {
  const [own] = files;
  if (files.length === 1 && own !== undefined)
    return formatDiagnostics(own.file, own.text, diagnostics);
  return diagnostics
    .flatMap((d) => {
      const at = fileAt(files, d.span);
      const { related = [], ...rest } = d;
      const here = related.filter(({ span }) => fileAt(files, span) === at);
      const elsewhere = related.filter(({ span }) => fileAt(files, span) !== at);
      const ours = { ...rest, ...(here.length > 0 && { related: here }) };
      return [
        formatDiagnostics(at.file, at.text, [moved(ours, -at.start)]),
        ...elsewhere.map(({ message, span }) => {
          const other = fileAt(files, span);
          return `    ${other.file}:${linesOf(other.text)(span.start - other.start)}: ${message}`;
        }),
      ];
    })
    .join("\n");
}

/** As data. What is in another file than the program's own says in which. */
export function diagnosticsAsJson({ files, diagnostics }: Said): readonly object[] {
  const places = new Map(files.map((file) => [file, placesIn(file.text)]));
  return diagnostics.map((d) => {
    const at = fileAt(files, d.span);
    const own = moved(d, -at.start);
    const related = d.related?.map(({ message, span }) => {
      const other = fileAt(files, span);
      const there = { message, span: movedSpan(span, -other.start) };
      return other === files[0] ? there : { ...there, file: other.file };
    });
    return {
      ...(at !== files[0] && { file: at.file }),
      ...places.get(at)!(own.span.start),
      ...own,
      ...(related && { related }),
    };
  });
}

function fileAt(files: readonly LoadedFile[], { start }: Span): LoadedFile {
  return files.findLast((file) => file.start <= start) ?? files[0]!;
}

function moved({ span, related, fix, ...rest }: Diagnostic, by: number): Diagnostic {
  return {
    ...rest,
    span: movedSpan(span, by),
    ...(related && { related: related.map((r) => ({ ...r, span: movedSpan(r.span, by) })) }),
    ...(fix && {
      fix: { ...fix, edits: fix.edits.map((e) => ({ ...e, span: movedSpan(e.span, by) })) },
    }),
  };
}

function movedSpan({ start, end }: Span, by: number): Span {
  return { start: start + by, end: end + by };
}
