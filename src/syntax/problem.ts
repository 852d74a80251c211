import type { Diagnostic, Fix, Span } from "../program/diagnostic.ts";

/** What a reader found wrong, before it is known to which rule id it belongs. */
export interface Problem {
  readonly code: string;
  /** One sentence, what is wrong first. */
  readonly message: string;
  readonly span: Span;
  readonly severity?: Diagnostic["severity"];
  readonly fix?: Fix;
  readonly related?: Diagnostic["related"];
}

export function toDiagnostic(problem: Problem, rule?: string): Diagnostic {
  const { severity = "error", code, message, span, fix, related } = problem;
  return {
    severity,
    code,
    message,
    span,
    ...(rule !== undefined && { rule }),
    ...(related && { related }),
    ...(fix && { fix }),
  };
}
