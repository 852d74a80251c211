import { useEffect } from "react";
import { download } from "../shell/download.ts";
import { useClew } from "../store/clewStore.ts";
import { markedElements } from "./markedElements.ts";
import type { Mark } from "./markedElements.ts";
import type { LaidGraph } from "./useLayout.ts";

/** What is drawn, or why no picture can be made of it. */
type Shown = Picture | { readonly refusal: string };

interface Picture {
  readonly laid: LaidGraph;
  readonly marks: readonly Mark[];
}

/** What is drawn now: commands are outside of the canvas, the layout is its own. */
let shown: Shown | undefined;

/** While the canvas is there, its picture can be saved. */
export function usePicture(
  laid: LaidGraph | undefined,
  marks: readonly Mark[],
  refusal: string | undefined,
): void {
  useEffect(() => {
    if (refusal !== undefined) shown = { refusal };
    else shown = laid === undefined ? undefined : { laid, marks };
    return () => {
      shown = undefined;
    };
  }, [laid, marks, refusal]);
}

/** Whether the dataflow can be saved as it is shown, or why not; undefined where no canvas is shown. */
export function pictureOffer(): { readonly refusal: string | undefined } | undefined {
  return shown && { refusal: "refusal" in shown ? shown.refusal : undefined };
}

/** The dataflow as it is drawn, in the colours of the scheme, as a file. */
export async function savePicture(): Promise<void> {
  const { document: saved } = useClew.getState();
  if (shown === undefined || "refusal" in shown || saved === undefined) return;
  const { laid, marks } = shown;
  const { graphSvg } = await import("../../workers/graphSvg.ts");
  const scheme = document.documentElement.dataset["mantineColorScheme"];
  const svg = graphSvg(laid.graph, laid.layout, {
    scheme: scheme === "dark" ? "dark" : "light",
    before: laid.before,
    marked: markedElements(laid.graph, marks),
  });
  const name = saved.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  download(`${name}-step-${saved.at}.svg`, svg, "image/svg+xml");
}
