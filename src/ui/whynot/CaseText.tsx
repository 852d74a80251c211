import type { ReactNode } from "react";

const WORDS = /(@next|@async|\bcomponent\b)/;

/** A few rules, with the colours of the editor. */
export function CaseText({ text }: { readonly text: string }): ReactNode {
  return (
    <pre className="case-text">
      {text
        .replaceAll(/addr\("(\w+)"\)/g, "$1")
        .split(WORDS)
        .map((part, i) => {
          if (part === "component") return <b key={i}>{part}</b>;
          if (part === "@next")
            return (
              <span key={i} className="word-next">
                {part}
              </span>
            );
          if (part === "@async")
            return (
              <span key={i} className="word-async">
                {part}
              </span>
            );
          return part;
        })}
    </pre>
  );
}
