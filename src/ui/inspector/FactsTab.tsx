import type { ReactNode } from "react";
import { useShallow } from "zustand/shallow";
import type { ProgramView, RelationView, RuleView } from "../../workers/workspaceApi.ts";
import { useClew } from "../store/clewStore.ts";
import { selectedRuleViews, shownView } from "../store/selectors.ts";
import { relationSentence } from "./relationSentence.ts";

/** What is known of the selected rules and of every relation they name; of all relations when nothing is selected. */
export default function FactsTab(): ReactNode {
  const view = useClew(shownView);
  const rules = useClew(useShallow(selectedRuleViews));
  const relation = useClew((state) => state.selectedRelation);
  if (view === undefined) return null;
  const shown = relationsOf(view, rules, relation);
  return (
    <div className="facts">
      {rules.map((rule) => (
        <section key={rule.id}>
          <h3>
            <span className="rule-badge">{rule.number}</span> <code>{rule.head}</code>
          </h3>
          <p>{ruleSentence(rule)}</p>
        </section>
      ))}
      {shown.map((each) => (
        <section key={each.name}>
          <h3>
            <code>
              {each.name}({each.attributes.map((a) => a.name).join(", ")})
            </code>
          </h3>
          <p>{relationSentence(each, view)}</p>
          <Types relation={each} />
        </section>
      ))}
    </div>
  );
}

function Types({ relation }: { readonly relation: RelationView }): ReactNode {
  const typed = relation.attributes.filter((attribute) => attribute.type !== undefined);
  if (typed.length === 0) return null;
  return (
    <p className="quiet">
      {typed.map((attribute) => (
        <code key={attribute.name} className="fact-type">
          {attribute.name}: {attribute.type}
        </code>
      ))}
    </p>
  );
}

function relationsOf(
  view: ProgramView,
  rules: readonly RuleView[],
  relation: string | undefined,
): readonly RelationView[] {
  if (relation !== undefined) return view.relations.filter((r) => r.name === relation);
  if (rules.length === 0) return view.relations;
  const named = new Set(
    rules.flatMap((rule) => [rule.head, ...rule.literals.map((l) => l.relation)]),
  );
  return view.relations.filter((r) => named.has(r.name));
}

const TIMINGS = {
  now: "Holds in the same tick at the same node.",
  next: "Holds in the next tick at the same node.",
  async: "Sends a message that arrives in some later tick.",
} as const;

function ruleSentence(rule: RuleView): string {
  const folds = rule.aggregates ? " It counts or folds over all valuations of its body." : "";
  const read = rule.literals.filter((literal) => literal.relation !== undefined);
  const negated = read.filter((literal) => literal.negated).length;
  const absent = negated === 0 ? "" : ` ${negated} of ${read.length} literals ask for absence.`;
  return `${TIMINGS[rule.timing]}${folds}${absent}`;
}
