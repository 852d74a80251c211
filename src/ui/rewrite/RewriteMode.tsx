import { Suspense } from "react";
import { Group, Panel, Separator, useDefaultLayout } from "react-resizable-panels";
import type { ReactNode } from "react";
import { DerivationStrip } from "../derivation/DerivationStrip.tsx";
import { Inspector } from "../inspector/Inspector.tsx";
import { useClew } from "../store/clewStore.ts";
import { asksWhyNot } from "../store/selectors.ts";
import type { NarrowTab } from "../store/clewState.ts";
import { TextPanel } from "../text/TextPanel.tsx";
import { isCheckShown, useCheckShown } from "../verify/checkShown.ts";
import { GraphPanel } from "./GraphPanel.tsx";
import { OutlinePanel } from "./OutlinePanel.tsx";
import { useWidth } from "./useWidth.ts";
import type { Width } from "./useWidth.ts";
import "./rewrite.css";
import { lazyPart } from "../shell/lazyPart.tsx";

const WhyNotPanel = lazyPart(() => import("../whynot/WhyNotPanel.tsx"));
const CheckPanel = lazyPart(() => import("../verify/CheckPanel.tsx"));

/** Text, dataflow, inspector, and the thread below them. */
export function RewriteMode(): ReactNode {
  const width = useWidth();
  const explains = useClew(asksWhyNot);
  const checks = useCheckShown(isCheckShown);
  return (
    <div className="rewrite-mode">
      <div className="rewrite-work">
        {columns(width)}
        <Suspense>{explains ? <WhyNotPanel /> : checks && <CheckPanel />}</Suspense>
      </div>
      <DerivationStrip />
    </div>
  );
}

function columns(width: Width): ReactNode {
  switch (width) {
    case "wide":
      return <ThreeColumns />;
    case "middle":
      return <TwoColumns />;
    case "narrow":
      return <OneColumn />;
  }
}

function ThreeColumns(): ReactNode {
  const layout = useDefaultLayout({
    id: "clew-rewrite-3",
    panelIds: ["text", "graph", "inspector"],
  });
  return (
    <Group className="rewrite-columns" orientation="horizontal" {...layout}>
      <Panel
        id="text"
        defaultSize={436}
        minSize={320}
        maxSize={720}
        groupResizeBehavior="preserve-pixel-size"
      >
        <TextPanel />
      </Panel>
      <Separator className="separator" aria-label="Between text and dataflow" />
      <Panel id="graph" minSize={420}>
        <GraphPanel />
      </Panel>
      <Separator className="separator" aria-label="Between dataflow and rewrites" />
      <Panel
        id="inspector"
        defaultSize={376}
        minSize={320}
        maxSize={720}
        groupResizeBehavior="preserve-pixel-size"
      >
        <Inspector />
      </Panel>
    </Group>
  );
}

function TwoColumns(): ReactNode {
  const layout = useDefaultLayout({ id: "clew-rewrite-2", panelIds: ["left", "graph"] });
  const tab = useClew((state) => (state.narrowTab === "graph" ? "text" : state.narrowTab));
  return (
    <Group className="rewrite-columns" orientation="horizontal" {...layout}>
      <Panel
        id="left"
        defaultSize={400}
        minSize={320}
        maxSize={520}
        groupResizeBehavior="preserve-pixel-size"
      >
        <div className="column">
          <ColumnTabs tabs={["text", "rewrites", "outline"]} tab={tab} />
          <div className="column-rest">{tabView(tab)}</div>
        </div>
      </Panel>
      <Separator className="separator" aria-label="Between the left column and dataflow" />
      <Panel id="graph" minSize={420}>
        <GraphPanel />
      </Panel>
    </Group>
  );
}

function OneColumn(): ReactNode {
  const tab = useClew((state) => state.narrowTab);
  return (
    <div className="rewrite-columns column">
      <ColumnTabs tabs={["text", "graph", "rewrites", "outline"]} tab={tab} />
      <div className="column-rest">{tabView(tab)}</div>
    </div>
  );
}

const TITLES: Readonly<Record<NarrowTab, string>> = {
  text: "Text",
  graph: "Dataflow",
  rewrites: "Rewrites",
  outline: "Outline",
};

function ColumnTabs({
  tabs,
  tab,
}: {
  readonly tabs: readonly NarrowTab[];
  readonly tab: NarrowTab;
}): ReactNode {
  const show = useClew((state) => state.showNarrowTab);
  const offers = useClew((state) => state.offers.length);
  return (
    <div className="panel-header" role="group" aria-label="Panels">
      {tabs.map((each) => (
        <button
          key={each}
          className="tab-button"
          aria-pressed={each === tab}
          onClick={() => show(each)}
        >
          {TITLES[each]}
          {each === "rewrites" && offers > 0 && <span className="count">{offers}</span>}
        </button>
      ))}
    </div>
  );
}

function tabView(tab: NarrowTab): ReactNode {
  switch (tab) {
    case "text":
      return <TextPanel tabbed />;
    case "graph":
      return <GraphPanel />;
    case "rewrites":
      return <Inspector withSource />;
    case "outline":
      return <OutlinePanel />;
  }
}
