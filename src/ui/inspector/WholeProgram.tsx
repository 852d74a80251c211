import { Suspense } from "react";
import type { ReactNode } from "react";
import { VerdictIcon } from "../icons/VerdictIcon.tsx";
import { useClew } from "../store/clewStore.ts";
import { shownView } from "../store/selectors.ts";
import { lazyPart } from "../shell/lazyPart.tsx";

const MovableGroups = lazyPart(() => import("./MovableGroups.tsx"));

/** Nothing selected: what to do, and every single rule that something applies to. */
export function WholeProgram(): ReactNode {
  const verdicts = useClew((state) => state.ruleVerdicts);
  const view = useClew(shownView);
  const select = useClew((state) => state.select);
  const applicable = (view?.rules ?? []).flatMap((rule) => {
    const verdict = verdicts.get(rule.id);
    return verdict?.verdict === "holds" || verdict?.verdict === "lockstep"
      ? [{ rule, verdict }]
      : [];
  });
  if (view !== undefined && view.rules.length === 0) {
    return (
      <div className="whole-program">
        <p>
          <b>There are no rules yet.</b> Write one, drop a file on the window, or open an example
          from the menu at the top left.
        </p>
      </div>
    );
  }
  return (
    <div className="whole-program">
      <p>
        <b>Select rules to see what may be done with them.</b> Click one, draw a rectangle in the
        graph, or select text. Many rules can move only together.
      </p>
      {applicable.length > 0 && (
        <>
          <h3>Rules that can move alone</h3>
          <ul>
            {applicable.map(({ rule, verdict }) => (
              <li key={rule.id}>
                <button
                  className="rule-row"
                  onClick={() => select({ rules: [rule.id] }, "replace", "elsewhere")}
                >
                  <span className="rule-badge">{rule.number}</span>
                  <code>{rule.head}</code>
                  <span className="quiet">{rule.component}</span>
                  <span className="panel-space" />
                  <VerdictIcon
                    verdict={
                      verdict.verdict === "holds" && verdict.inserted ? "inserted" : verdict.verdict
                    }
                    labelled={false}
                  />
                  <span>{verdict.title}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      <Suspense>
        <MovableGroups />
      </Suspense>
      {view !== undefined && (
        <>
          <h3>Components</h3>
          <ul>
            {view.components.map((component) => (
              <li key={component.name}>
                <button
                  className="rule-row"
                  onClick={() =>
                    select(
                      {
                        rules: view.rules
                          .filter((r) => r.component === component.name)
                          .map((r) => r.id),
                      },
                      "replace",
                      "elsewhere",
                    )
                  }
                >
                  <b>{component.name}</b>
                  <span className="quiet">
                    {component.rules} {component.rules === 1 ? "rule" : "rules"}
                    {component.nodes !== undefined &&
                      `, ${component.nodes} ${component.nodes === 1 ? "node" : "nodes"}`}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
