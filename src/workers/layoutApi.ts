/** What the page asks of the layout worker. Pixels at 100 %, y grows downwards, plain data throughout. */
export interface LayoutApi {
  readonly layout: {
    readonly request: LayoutRequest;
    readonly response: LayoutResult;
    readonly progress: never;
  };
}

export interface Size {
  readonly width: number;
  readonly height: number;
}
export interface Point {
  readonly x: number;
  readonly y: number;
}
export type Rectangle = Point & Size;

export interface LayoutRequest {
  readonly boxes: readonly LayoutBox[];
  readonly shapes: readonly LayoutShape[];
  readonly edges: readonly LayoutEdge[];
  /** Where it will be looked at: columns are chosen so that it can be shown largest. */
  readonly viewport: Size;
  /** Dragged by hand: boxes from the picture's origin, shapes from their box's. */
  readonly pinned: Readonly<Record<string, Point>>;
}

export interface LayoutBox {
  readonly id: string;
  /** The clients' band is laid over the whole width, above everything. */
  readonly kind: "clients" | "component";
  readonly title: string;
  readonly words: string;
  /** Drawn as a box without contents. */
  readonly collapsed: boolean;
  /** A box of machines: the line below its words. */
  readonly note?: string;
}

export interface LayoutShape extends Size {
  readonly id: string;
  readonly box: string;
  /** Room kept free to the right of it, for its chip or badge. */
  readonly beside: number;
}

export interface LayoutEdge {
  readonly id: string;
  /** A shape, or a box: the clients', a collapsed one or one of machines. */
  readonly from: string;
  readonly to: string;
  /** From a relation to a rule. */
  readonly reads: boolean;
  /** Room for a chip in its middle. */
  readonly chip?: Size;
}

export interface LayoutResult extends Size {
  readonly boxes: Readonly<Record<string, Rectangle>>;
  /** From the picture's origin. */
  readonly shapes: Readonly<Record<string, Rectangle>>;
  readonly edges: Readonly<Record<string, LaidEdge>>;
}

/** Corners of an orthogonal line, from the border of one end to the border of the other. */
export interface LaidEdge {
  readonly points: readonly Point[];
  readonly chip?: Point;
}
