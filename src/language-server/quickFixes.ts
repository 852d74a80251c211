import type { Diagnostic, Fix } from "../program/diagnostic.ts";
import type { Fault } from "../program/evidence.ts";
import { arityFix } from "./arityFix.ts";
import { channelFix } from "./channelFix.ts";
import { declareFixes } from "./declareFixes.ts";
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
function nextTickFix({ read, analyzed }: FixContext, diagnostic: Diagnostic): Fix | undefined {
  if (read.dialect !== "compact") return undefined;
  for (const { rule, number } of analyzed.rules.values()) {
    const spans = read.sourceMap.rules.get(rule.id);
    if (spans === undefined || !spans.literals.some((l) => l.start === diagnostic.span.start)) {
      continue;
    }
    const { end } = spans.head;
    return {
      title: `Derive \`${rule.head.relation}\` of rule ${number} in the next tick`,
      edits: [{ span: { start: end, end }, text: "@next" }],
    };
  }
  return undefined;
}
