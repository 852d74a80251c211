import { diffLines } from "diff";
import { useMemo } from "react";
import type { ReactNode } from "react";
import { useClew } from "../store/clewStore.ts";
import { shownView, viewAt } from "../store/selectors.ts";

/** Line by line: the focused card's preview against the program shown, or that against the step before. */
export default function StepDiff({ of }: { readonly of: "diff" | "preview" }): ReactNode {
  const shown = useClew((state) => shownView(state)?.canonical);
  const previous = useClew((state) => viewAt(state, (state.document?.at ?? 0) - 1)?.canonical);
  const preview = useClew((state) => state.preview?.view.canonical);
  const [before, after] = of === "preview" ? [shown, preview] : [previous, shown];
  const lines = useMemo(() => diff(before ?? "", after ?? ""), [before, after]);
  const added = lines.filter((line) => line.sign === "+").length;
  const removed = lines.filter((line) => line.sign === "−").length;
  return (
    <section className="step-diff" tabIndex={-1} data-first-focus aria-label="Difference">
      <p className="step-diff-summary">
        {added} {added === 1 ? "line" : "lines"} added, {removed} removed
      </p>
      <ol>
        {lines.map((line, index) => (
          <li key={index} className={CLASSES[line.sign]}>
            <span className="step-diff-number">{line.number ?? ""}</span>
            <span className="step-diff-sign">{line.sign}</span>
            <code style={hanging(line.text)}>{line.text === "" ? " " : line.text}</code>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Wrapped lines go on further in than they began. */
function hanging(text: string): { readonly paddingLeft: string; readonly textIndent: string } {
  const indent = text.length - text.trimStart().length + 4;
  return { paddingLeft: `${indent}ch`, textIndent: `-${indent}ch` };
}

type Sign = " " | "+" | "−";
const CLASSES: Readonly<Record<Sign, string>> = { " ": "", "+": "added", "−": "removed" };

interface DiffLine {
  readonly sign: Sign;
  /** In the text after; removed lines have none. */
  readonly number: number | undefined;
  readonly text: string;
}

function diff(before: string, after: string): readonly DiffLine[] {
  let number = 0;
  return diffLines(before, after).flatMap((part) => {
    const sign: Sign = part.added ? "+" : part.removed ? "−" : " ";
    const lines = part.value.replace(/\n$/, "").split("\n");
    return lines.map((text) => ({ sign, number: part.removed ? undefined : ++number, text }));
  });
}
