import { Handle, Position } from "@xyflow/react";
import type { NodeProps } from "@xyflow/react";
import { memo, useContext } from "react";
import type { ReactNode } from "react";
import type { GraphNode } from "../../analysis/graphModel.ts";
import { tagPath } from "../../workers/graphShapes.ts";
import { GraphActions } from "./GraphActions.ts";
import type { ShapeData, ShapeNode } from "./flowElements.ts";

/** A rule, relation, channel, constant or function, in the vocabulary's shape. */
export const ShapeView = memo(function ShapeView({
  data,
  width = 0,
  height = 0,
}: NodeProps<ShapeNode>): ReactNode {
  const actions = useContext(GraphActions);
  const { node } = data;
  return (
    <div className={classes(data)}>
      <button
        type="button"
        className="shape-face"
        data-graph-node={node.id}
        tabIndex={actions.isTabStop(node.id) ? 0 : -1}
        aria-label={data.label}
        aria-pressed={data.selected}
        title={data.label}
        onClick={(event) => actions.choose(node, event.shiftKey)}
        onFocus={() => actions.focused(node.id)}
      >
        {node.kind === "channel" && (
          <svg className="tag" width={width} height={height} aria-hidden="true">
            <path d={tagPath({ width: width - 1, height: height - 1 }, data.points)} />
          </svg>
        )}
        <span className={node.kind === "channel" ? `text text-${data.points}` : "text"}>
          {faceText(node, data.preview)}
        </span>
      </button>
      <Chips data={data} />
      <Anchor />
    </div>
  );
});

/** Σ, the rules that keep a relation, the letters of culprits. */
function Chips({ data }: { readonly data: ShapeData }): ReactNode {
  const actions = useContext(GraphActions);
  const { node } = data;
  return (
    <>
      {node.kind === "rule" && node.aggregates && (
        <span className="sigma" title="It counts or folds" aria-hidden="true">
          Σ
        </span>
      )}
      {data.preview && node.kind === "relation" && node.keptBy.length > 0 && (
        <span className="kept kept-new">↻</span>
      )}
      {!data.preview && node.kind === "relation" && node.keptBy.length > 0 && (
        <span className="kept">
          {node.keptBy.map(({ rule, number }, i) => (
            <button
              type="button"
              key={rule}
              tabIndex={-1}
              className="kept-rule"
              aria-pressed={data.selectedKeepers.includes(rule)}
              aria-label={`Rule ${number}, keeps ${node.relation}`}
              title={`Rule ${number} keeps ${node.relation}`}
              onClick={(event) => actions.chooseRule(rule, event.shiftKey)}
            >
              {i === 0 ? `↻ ${number}` : number}
            </button>
          ))}
        </span>
      )}
      {data.culprit !== undefined && data.culprit !== "" && (
        <span className="letter" aria-hidden="true">
          {data.culprit}
        </span>
      )}
    </>
  );
}

/** Lines are drawn from computed points; React Flow only needs to know that they are attached. */
export function Anchor(): ReactNode {
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={false} className="anchor" />
      <Handle type="source" position={Position.Top} isConnectable={false} className="anchor" />
    </>
  );
}

function faceText(node: GraphNode, preview: boolean): string {
  switch (node.kind) {
    case "rule":
      return preview ? "+" : `${node.number}`;
    case "broken":
      return "!";
    case "function":
      return `${node.relation} ƒ`;
    case "relation":
    case "channel":
    case "constant":
      return node.relation;
  }
}

function classes(data: ShapeData): string {
  const { node, selected, culprit, preview, touched } = data;
  const kept = node.kind === "relation" && node.keptBy.length > 0;
  return [
    "shape",
    `shape-${node.kind}`,
    kept ? "is-kept" : "",
    selected ? "is-selected" : "",
    culprit === undefined ? "" : "is-culprit",
    preview ? "is-preview" : "",
    touched ? "is-touched" : "",
  ].join(" ");
}
