import type { Diagnostic, Fix, RuleSpans, Span } from "../program/diagnostic.ts";
import type { Fault } from "../program/evidence.ts";
import type { Dialect } from "../syntax/dialect.ts";
import { arityFix } from "./arityFix.ts";
import { channelFix } from "./channelFix.ts";
import { declareFixes } from "./declareFixes.ts";
import { statementFix } from "./statementFix.ts";
import type { FixContext } from "./fixContext.ts";
import { splitHeadFix } from "./splitHeadFix.ts";

/** The fix of a fault that no other name mends. Asked at every keystroke: nothing here may cost more than a look around. */
export function fixOf(context: FixContext, fault: Fault, diagnostic: Diagnostic): Fix | undefined {
  switch (fault.code) {
    case "arity":
      return arityFix(context, fault);
    case "mixed-channel":
      return channelFix(context, fault);
    case "unstratified":
      return nextTickFix(context, diagnostic);
    case "undeclared-relation":
      return declareFixes(context, diagnostic)[0];
    case "durable-passes":
    case "invariant-underived":
    case "sink-underived":
      return statementFix(context, fault, diagnostic);
    default:
      return undefined;
  }
}

/** Other ways to mend it than the diagnostic's own fix, found when somebody asks. */
export function furtherFixes(context: FixContext, diagnostic: Diagnostic): readonly Fix[] {
  switch (diagnostic.code) {
    case "misspelt-relation":
      return declareFixes(context, diagnostic);
    case "undeclared-relation":
      return declareFixes(context, diagnostic).slice(1);
    case "aggregate-sent":
      return splitHeadFix(context, diagnostic);
    default:
      return [];
  }
}

/** Breaks a cycle at the rule that closes it: what it derives then holds in the next tick. */
function nextTickFix(
  { text, read, analyzed }: FixContext,
  diagnostic: Diagnostic,
): Fix | undefined {
  for (const { rule, number } of analyzed.rules.values()) {
    const spans = read.sourceMap.rules.get(rule.id);
    if (spans === undefined || !spans.literals.some((l) => l.start === diagnostic.span.start)) {
      continue;
    }
    const edits = nextTickEdits(text, read.dialect, spans);
    // A rule that the reader makes up is written nowhere.
    if (edits === undefined || spans.head.end > spans.literals[0]!.start) continue;
    return { title: `Derive \`${rule.head.relation}\` of rule ${number} in the next tick`, edits };
  }
  return undefined;
}

function nextTickEdits(text: string, dialect: Dialect, spans: RuleSpans): Fix["edits"] | undefined {
  const { head, rule } = spans;
  const at = (offset: number): Span => ({ start: offset, end: offset });
  switch (dialect) {
    case "compact":
    case "molly":
    case "prototype":
      return [{ span: at(head.end), text: "@next" }];
    case "hydroflow": {
      const start = text.indexOf(":-", head.end);
      return start < 0 ? undefined : [{ span: { start, end: start + 2 }, text: ":+" }];
    }
    case "paper": {
      const time = /([A-Za-z]\w*)\s*\)$/.exec(text.slice(head.start, head.end));
      const written = text.slice(rule.start, rule.end);
      if (time === null || written.includes(`${time[1]}'`)) return undefined;
      return [
        { span: at(head.start + time.index + time[1]!.length), text: "'" },
        { span: at(rule.end), text: `, ${time[1]}'=${time[1]}+1` },
      ];
    }
  }
}
