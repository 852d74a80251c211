import type { ReactNode } from "react";
import { useShallow } from "zustand/shallow";
import { ruleSpan } from "../../workers/rulePlaces.ts";
import { useClew } from "../store/clewStore.ts";
import { marks as marksOf, selectedRuleViews, shownView } from "../store/selectors.ts";
import { spansOf } from "../text/decorations.ts";

/** The selected rules' own text, where the text panel is not beside the cards. */
export function SelectedSource(): ReactNode {
  const view = useClew(shownView);
  const rules = useClew(useShallow(selectedRuleViews));
  const marks = useClew(marksOf);
  if (view === undefined || rules.length === 0) return null;
  return (
    <div className="selected-source">
      {rules.map((rule) => (
        <div key={rule.id} className="selected-source-rule">
          <span className="rule-badge rule-badge-selected">{rule.number}</span>
          <code>
            {marked(
              view.text,
              ruleSpan(view, rule),
              marks.flatMap((mark) =>
                spansOf(view, mark.place).map((span) => ({ letter: mark.letter, span })),
              ),
            )}
          </code>
        </div>
      ))}
    </div>
  );
}

interface LetteredSpan {
  readonly letter: string;
  readonly span: { readonly start: number; readonly end: number };
}

function marked(
  text: string,
  rule: LetteredSpan["span"],
  marks: readonly LetteredSpan[],
): ReactNode {
  const inside = marks
    .filter(({ span }) => span.start >= rule.start && span.end <= rule.end)
    .sort((a, b) => a.span.start - b.span.start);
  const parts: ReactNode[] = [];
  let from = rule.start;
  for (const { letter, span } of inside) {
    if (span.start < from) continue;
    parts.push(text.slice(from, span.start));
    parts.push(
      <span className="culprit" key={span.start}>
        <span className="letter">{letter}</span>
        {text.slice(span.start, span.end)}
      </span>,
    );
    from = span.end;
  }
  parts.push(text.slice(from, rule.end));
  return parts;
}
