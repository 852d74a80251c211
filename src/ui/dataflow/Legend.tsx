import type { ReactNode } from "react";
import type { GraphEdgeKind, GraphModel } from "../../analysis/graphModel.ts";

const WORDS: readonly (readonly [GraphEdgeKind, string])[] = [
  ["now", "same tick"],
  ["next", "next tick"],
  ["message", "message"],
  ["reads", "reads"],
  ["absence", "reads absence"],
];

/** The lines and states that are present, and what is hidden. */
export function Legend({
  graph,
  whole,
  culprits,
  preview,
  constants,
  onConstants,
}: {
  readonly graph: GraphModel;
  readonly whole: GraphModel;
  /** Something is painted as a culprit; something is drawn as it would be. */
  readonly culprits: boolean;
  readonly preview: boolean;
  readonly constants: boolean;
  onConstants(shown: boolean): void;
}): ReactNode {
  const present = new Set(graph.edges.map(({ kind }) => kind));
  const names = new Set(whole.nodes.flatMap((n) => (n.kind === "constant" ? [n.relation] : [])));
  const functions = new Set(
    whole.nodes.flatMap((n) => (n.kind === "function" ? [n.relation] : [])),
  );
  const count = names.size + functions.size;
  const words =
    functions.size === 0
      ? `${count} constant ${count === 1 ? "relation" : "relations"}`
      : `${count} ${count === 1 ? "constant" : "constants"}`;
  return (
    <div className="legend">
      <ul aria-label="Lines">
        {WORDS.filter(([kind]) => present.has(kind)).map(([kind, words]) => (
          <li key={kind}>
            <Sample kind={kind} />
            {words}
          </li>
        ))}
        {culprits && (
          <li>
            <CulpritSample />
            culprit
          </li>
        )}
        {preview && (
          <li>
            <svg width={28} height={10} aria-hidden="true" className="line line-message is-preview">
              <path className="line-path" d="M0 5H27" />
              <polyline className="line-open" points="20,1 27,5 20,9" />
            </svg>
            preview
          </li>
        )}
      </ul>
      {count > 0 && (
        <button
          type="button"
          aria-pressed={constants}
          title={[...names, ...functions].join(", ")}
          onClick={() => onConstants(!constants)}
        >
          {constants ? `Hide ${words}` : `${words} hidden`}
        </button>
      )}
    </div>
  );
}

/** Thick, with a letter as in text and card. */
export function CulpritSample(): ReactNode {
  return (
    <span className="culprit-sample" aria-hidden="true">
      <span className="letter">A</span>
    </span>
  );
}

function Sample({ kind }: { readonly kind: GraphEdgeKind }): ReactNode {
  return (
    <svg width={28} height={10} aria-hidden="true" className={`line line-${kind}`}>
      <path className="line-path" d={kind === "now" || kind === "next" ? "M0 5H21" : "M0 5H27"} />
      {kind === "next" && <path className="line-core" d="M0 5H21" />}
      {(kind === "now" || kind === "next") && (
        <polygon className="line-head" points="20,1 28,5 20,9" />
      )}
      {kind === "message" && <polyline className="line-open" points="20,1 27,5 20,9" />}
      {kind === "absence" && <circle className="line-ring" cx={23} cy={5} r={4} />}
    </svg>
  );
}
