import { useMemo } from "react";
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
  const present = useMemo(() => new Set(graph.edges.map(({ kind }) => kind)), [graph]);
  const hidden = useMemo(() => constantsOf(whole), [whole]);
  const words = constantsInWords(hidden);
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
      {hidden.names.length > 0 && (
        <button
          type="button"
          aria-pressed={constants}
          title={hidden.names.join(", ")}
          onClick={() => onConstants(!constants)}
        >
          {constants ? `Hide ${words}` : `${words} hidden`}
        </button>
      )}
    </div>
  );
}

interface Constants {
  /** Of relations, then of functions. */
  readonly names: readonly string[];
  readonly functions: boolean;
}

function constantsOf(graph: GraphModel): Constants {
  const relations = new Set<string>();
  const functions = new Set<string>();
  for (const node of graph.nodes) {
    if (node.kind === "constant") relations.add(node.relation);
    else if (node.kind === "function") functions.add(node.relation);
  }
  return { names: [...relations, ...functions], functions: functions.size > 0 };
}

function constantsInWords({ names, functions }: Constants): string {
  if (!functions)
    return `${names.length} constant ${names.length === 1 ? "relation" : "relations"}`;
  return `${names.length} ${names.length === 1 ? "constant" : "constants"}`;
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
