import { Background, ReactFlow, useReactFlow } from "@xyflow/react";
import type { EdgeTypes, NodeTypes } from "@xyflow/react";
import { Suspense, useCallback, useEffect, useMemo, useRef } from "react";
import type { CSSProperties, ReactNode } from "react";
import type { GraphNode } from "../../analysis/graphModel.ts";
import type { RuleId } from "../../program/program.ts";
import { LABEL_ZOOM } from "../../workers/layoutRequest.ts";
import type { Point, Rectangle } from "../../workers/layoutApi.ts";
import { useTouchedStep } from "../derivation/touchedStep.ts";
import { BoxView } from "./BoxView.tsx";
import type { DataflowProps } from "./dataflowProps.ts";
import { NO_DEPLOYMENT } from "./deploymentWords.ts";
import { centre, flowElements, isSelected, rulesOf } from "./flowElements.ts";
import type { GraphFlowNode, LineEdge, Selection } from "./flowElements.ts";
import { GraphActions } from "./GraphActions.ts";
import type { GraphActionsValue } from "./GraphActions.ts";
import type { GraphLevel } from "./graphLevel.ts";
import { GraphControls } from "./GraphControls.tsx";
import { closedBoxes, rulesByGroup } from "./graphStops.ts";
import { LayoutNote } from "./LayoutNote.tsx";
import { Legend } from "./Legend.tsx";
import { LineView } from "./LineView.tsx";
import { markedElements } from "./markedElements.ts";
import type { Mark } from "./markedElements.ts";
import { savePicture, usePicture } from "./graphPicture.ts";
import { previewGraph } from "./previewGraph.ts";
import { ShapeView } from "./ShapeView.tsx";
import { useDeployment } from "./useDeployment.ts";
import { useDraggable } from "./useDraggable.ts";
import { useFolding } from "./useFolding.ts";
import { useGraphKeys } from "./useGraphKeys.ts";
import { useLayout } from "./useLayout.ts";
import { useLevelKeys } from "./useLevelKeys.ts";
import { usePinned } from "./usePinned.ts";
import { useRectangle } from "./useRectangle.ts";
import { useSemanticZoom } from "./useSemanticZoom.ts";
import { useTabStop } from "./useTabStop.ts";
import { useViewport } from "./useViewport.ts";
import "./levels.css";
import { lazyPart } from "../shell/lazyPart.tsx";

const JoinsLegend = lazyPart(() => import("./JoinsLegend.tsx"));
const JoinsView = lazyPart(() => import("./JoinsView.tsx"));

const NODE_TYPES: NodeTypes = { shape: ShapeView, box: BoxView };
const EDGE_TYPES: EdgeTypes = { line: LineView };
const MANY = 200;

/** The canvas: what is shown, where it is, and everything that can be done to it. */
export function GraphCanvas(props: DataflowProps): ReactNode {
  const { graph, selection, onSelect, marks, preview, verdicts, onCommand } = props;
  const canvas = useRef<HTMLDivElement>(null);
  const flow = useReactFlow<GraphFlowNode, LineEdge>();
  const whole = useMemo(
    () => (preview === undefined ? graph : previewGraph(preview, graph)),
    [preview, graph],
  );
  const folding = useFolding(whole, preview === undefined ? undefined : graph);
  const { pinned, tidied, pin, tidy } = usePinned();
  const view = useViewport(canvas);
  const { level } = folding;
  const deployed = useDeployment(props, level === "deployment");
  const unknown = level === "deployment" && props.program.deployment === undefined;
  const covered = level === "joins" || unknown;
  const shown = deployed?.shown ?? folding.shown;
  const before = deployed === undefined ? folding.shownBefore : deployed.before;
  const { laid, state, problem, cancel, retry } = useLayout(shown, before, view.size, pinned);
  usePicture(laid, marks, covered ? pictureRefusal(level) : undefined);
  const selectable = deployed === undefined ? graph : (deployed.before ?? deployed.shown);
  const rulesIn = useMemo(() => rulesByGroup(selectable), [selectable]);
  const touched = useTouchedStep((step) => step.touched);
  const elements = useMemo(() => {
    if (laid === undefined) return undefined;
    const marked = markedElements(laid.graph, marks);
    return flowElements(laid, { selection, marked, verdicts, touched, rulesIn });
  }, [laid, selection, marks, verdicts, touched, rulesIn]);
  const { arrived, hold, reveal } = view;
  const keepPlace = useCallback(
    (id: string, at: Point) => {
      hold();
      pin(id, at);
    },
    [hold, pin],
  );
  const draggable = useDraggable(elements?.nodes, keepPlace);
  useEffect(() => {
    if (laid !== undefined) arrived(laid.layout);
  }, [laid, arrived]);
  useEffect(() => {
    if (laid === undefined) return;
    const { graph: drawn, layout } = laid;
    const nodes = drawn.nodes.filter((node) => isSelected(node, selection));
    const boxes = closedBoxes(drawn).filter((id) =>
      rulesIn.get(id)?.some((rule) => selection.rules.has(rule)),
    );
    reveal([
      ...nodes.flatMap(({ id }) => layout.shapes[id] ?? []),
      ...boxes.flatMap((id) => layout.boxes[id] ?? []),
    ]);
  }, [laid, selection, reveal, rulesIn]);

  const tabStop = useTabStop(canvas, laid?.graph);
  const chooseRules = useCallback(
    (rules: readonly RuleId[], extend: boolean) =>
      onSelect({ rules }, extend ? "toggle" : "replace"),
    [onSelect],
  );
  const known = useMemo(() => new Set(selectable.nodes.map(({ id }) => id)), [selectable]);
  const choose = useCallback(
    (node: GraphNode, extend: boolean) => {
      // What a preview adds cannot be selected: the text does not have it yet.
      if (!known.has(node.id)) return;
      if ("relation" in node) {
        onSelect({ rules: [], relation: node.relation }, extend ? "toggle" : "replace");
      } else if (node.kind === "rule") chooseRules(rulesOf(node), extend);
    },
    [onSelect, chooseRules, known],
  );
  const { fold } = folding;
  const foldRef = useRef(fold);
  useEffect(() => {
    foldRef.current = fold;
  }, [fold]);
  const actions = useMemo<GraphActionsValue>(
    () => ({
      choose,
      chooseRules,
      chooseRule: (rule, extend) => chooseRules([rule], extend),
      fold: (group) => foldRef.current(group),
      ...tabStop,
    }),
    [choose, chooseRules, tabStop],
  );

  const inRectangle = useCallback(
    (area: Rectangle) => {
      if (laid === undefined) return;
      const from = flow.screenToFlowPosition(area);
      const to = flow.screenToFlowPosition({ x: area.x + area.width, y: area.y + area.height });
      const isInside = (at: Rectangle | undefined): boolean => {
        if (at === undefined) return false;
        const { x, y } = centre(at);
        return x >= from.x && x <= to.x && y >= from.y && y <= to.y;
      };
      const { graph: drawn, layout } = laid;
      const nodes = drawn.nodes.filter(({ id }) => known.has(id) && isInside(layout.shapes[id]));
      const boxes = closedBoxes(drawn).filter((id) => isInside(layout.boxes[id]));
      chooseRules(
        [...nodes.flatMap(rulesOf), ...boxes.flatMap((id) => rulesIn.get(id) ?? [])],
        false,
      );
    },
    [laid, flow, chooseRules, known, rulesIn],
  );
  const rectangle = useRectangle(inRectangle);

  const semantic = useSemanticZoom(canvas, {
    level,
    laid,
    size: view.size,
    covered,
    setLevel: folding.setLevel,
    zoomBy: view.zoomBy,
    fit: view.fit,
    hold: view.hold,
    chooseRule: (rule) => {
      if (selection.rules.size === 0) chooseRules([rule], false);
    },
  });
  useLevelKeys(canvas, { step: semantic.step, zoom: semantic.zoomBy });
  useGraphKeys(canvas, {
    laid: covered ? undefined : laid,
    selection,
    choose: (id, extend) => {
      const node = laid?.graph.nodes.find((each) => each.id === id);
      if (node !== undefined) choose(node, extend);
      else chooseRules(rulesIn.get(id) ?? [], extend);
    },
    rulesIn,
    isChosen: (id) => {
      const node = laid?.graph.nodes.find((each) => each.id === id);
      if (node !== undefined) return isSelected(node, selection);
      return rulesIn.get(id)?.every((rule) => selection.rules.has(rule)) === true;
    },
    chooseRules: (rules) => chooseRules(rules, false),
    current: tabStop.current,
    focus: tabStop.focus,
    fit: view.fit,
    tidy,
    clear: () => onSelect({ rules: [] }, "replace"),
    ...(onCommand === undefined ? {} : { onCommand }),
  });

  return (
    <div className="dataflow">
      <div
        ref={canvas}
        className="graph-canvas"
        data-stale={state !== "fresh"}
        data-labels={view.zoom >= LABEL_ZOOM - 0.005 ? "shown" : "hidden"}
        data-moving={view.moving}
        data-covered={covered}
      >
        <GraphActions value={actions}>
          <ReactFlow<GraphFlowNode, LineEdge>
            nodes={draggable.nodes}
            edges={elements === undefined ? [] : [...elements.edges]}
            aria-label="Dataflow graph. Arrow keys follow its lines."
            onPointerDownCapture={rectangle.onPointerDownCapture}
            nodeTypes={NODE_TYPES}
            edgeTypes={EDGE_TYPES}
            onNodesChange={draggable.onNodesChange}
            onNodeDragStop={draggable.onNodeDragStop}
            onMove={view.onMove}
            onMoveStart={semantic.onMoveStart}
            onMoveEnd={semantic.onMoveEnd}
            onPaneClick={() => onSelect({ rules: [] }, "replace")}
            minZoom={0.05}
            maxZoom={3}
            nodesConnectable={false}
            nodesFocusable={false}
            edgesFocusable={false}
            elementsSelectable={false}
            selectionKeyCode={null}
            multiSelectionKeyCode={null}
            deleteKeyCode={null}
            // React Flow listens on the whole page: it would take Space from the editor, which is no input element.
            panActivationKeyCode={null}
            zoomActivationKeyCode={null}
            disableKeyboardA11y
            zoomOnDoubleClick={false}
            onlyRenderVisibleElements={shown.nodes.length > MANY}
            attributionPosition="top-right"
          >
            <Background gap={16} size={1} />
          </ReactFlow>
        </GraphActions>
        {level === "joins" && (
          <Suspense>
            <JoinsView
              program={props.program}
              selection={selection}
              marks={marks}
              onCoarser={() => semantic.step(-1)}
            />
          </Suspense>
        )}
        {unknown && <p className="graph-sentence">{NO_DEPLOYMENT}</p>}
        {graph.nodes.length === 0 && props.program.rules.length > 0 && !covered && (
          <p className="graph-sentence">
            This program has more rules or lines than a graph can show.
          </p>
        )}
        {rectangle.area !== undefined && (
          <div className="graph-rectangle" style={drawn(rectangle.area)} />
        )}
        {!covered && (
          <LayoutNote state={state} nodes={shown.nodes.length} onCancel={cancel} onRetry={retry} />
        )}
        {problem !== undefined && (
          <p className="graph-problem" role="alert">
            The graph could not be laid out: {problem}. The outline shows the same program.
          </p>
        )}
        <GraphControls
          level={level}
          onLevel={semantic.setLevel}
          zoom={view.zoom}
          onZoom={semantic.zoomBy}
          onActualSize={() => view.zoomBy(1 / view.zoom)}
          onFit={view.fit}
          tidied={tidied}
          onTidy={tidy}
          onSave={() => void savePicture()}
        />
      </div>
      {covered ? (
        level === "joins" && (
          <Suspense fallback={null}>
            <JoinsLegend culprits={marks.some(({ place }) => isInJoins(place, selection))} />
          </Suspense>
        )
      ) : (
        <Legend
          graph={shown}
          whole={deployed?.shown ?? graph}
          culprits={some(elements, ({ culprit }) => culprit !== undefined)}
          preview={some(elements, ({ preview, renamed }) => preview || renamed === true)}
          constants={folding.constants}
          onConstants={folding.setConstants}
        />
      )}
    </div>
  );
}

/** Where something else stands over the graph. */
function pictureRefusal(level: GraphLevel): string {
  return level === "joins"
    ? "the level Joins is a table; choose Rules, Components or Deployment"
    : "there is no deployment to draw";
}

/** Whether a culprit is a row of the joins that are shown. */
function isInJoins(place: Mark["place"], { rules }: Selection): boolean {
  return (place.kind === "literal" || place.kind === "head") && rules.has(place.rule);
}

/** Whether anything that is drawn is so. */
function some(
  elements: ReturnType<typeof flowElements> | undefined,
  is: (data: {
    readonly culprit?: string | undefined;
    readonly preview: boolean;
    readonly renamed?: boolean;
  }) => boolean,
): boolean {
  return [...(elements?.nodes ?? []), ...(elements?.edges ?? [])].some(
    ({ data }) => data !== undefined && is(data),
  );
}

function drawn({ x, y, width, height }: Rectangle): CSSProperties {
  return { left: x, top: y, width, height };
}
