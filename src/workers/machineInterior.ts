import { doorKey } from "./crossing.ts";
import type { Crossing } from "./crossing.ts";
import { titleWidth } from "./interiorLayout.ts";
import type { Door, Interior } from "./interiorLayout.ts";
import type { LayoutBox, LayoutShape, Point, Rectangle } from "./layoutApi.ts";

const HEIGHT = 66;
const EDGE = 14;
const GAP = 14;
const TAG_TOP = 12;

/**
 * A box of machines: name, words and note at its left, the tags of what it receives beside them, so that messages come in
 * from above; what it sends leaves below, answers to clients above the name.
 */
export function machineInterior(
  box: LayoutBox,
  shapes: readonly LayoutShape[],
  crossings: readonly Crossing[],
): Interior {
  const left = nameWidth(box);
  const placed: Record<string, Rectangle> = {};
  let x = left;
  for (const { id, width, height } of shapes) {
    placed[id] = { x, y: TAG_TOP, width, height };
    x += width + GAP;
  }
  const width = shapes.length === 0 ? left : x - GAP + EDGE;
  const doors = [
    ...shapes.flatMap(({ id }) => tagDoors(placed[id]!, arriving(crossings, id))),
    ...borderDoors(arriving(crossings, box.id).concat(leaving(crossings, "top")), left, "top"),
    ...borderDoors(leaving(crossings, "bottom"), width, "bottom"),
  ];
  return { width, height: HEIGHT, shapes: placed, edges: {}, doors: Object.fromEntries(doors) };
}

function nameWidth(box: LayoutBox): number {
  const line = (letters: number): number => 26 + letters * 7.6;
  const { title, words, note = "" } = box;
  const name = titleWidth({ ...box, words: "" });
  return Math.ceil(Math.max(name, line(words.length), line(note.length), title === "" ? 0 : 120));
}

function arriving(crossings: readonly Crossing[], at: string): readonly Crossing[] {
  return crossings.filter((crossing) => crossing.direction === "in" && crossing.edge.to === at);
}

function leaving(crossings: readonly Crossing[], side: Crossing["side"]): readonly Crossing[] {
  return crossings.filter((crossing) => crossing.direction === "out" && crossing.side === side);
}

/** Side by side over the tag, from the border down to it. */
function tagDoors(tag: Rectangle, crossings: readonly Crossing[]): readonly [string, Door][] {
  return crossings.map((crossing, i) => {
    const x = Math.round(tag.x + (tag.width * (i + 1)) / (crossings.length + 1));
    const points: readonly Point[] = [
      { x, y: 0 },
      { x, y: tag.y },
    ];
    return [doorKey(crossing), { x, side: "top", points }];
  });
}

function borderDoors(
  crossings: readonly Crossing[],
  width: number,
  side: Crossing["side"],
): readonly [string, Door][] {
  return crossings.map((crossing, i) => {
    const x = Math.round((width * (i + 1)) / (crossings.length + 1));
    const points = [{ x, y: side === "top" ? 0 : HEIGHT }];
    return [doorKey(crossing), { x, side, points }];
  });
}
