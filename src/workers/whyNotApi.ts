/** What the page asks of the worker that shows why a condition exists. Plain data throughout. */
export interface WhyNotApi {
  readonly whyNot: {
    readonly request: { readonly code: string };
    /** Undefined when no run is known that shows it. */
    readonly response: WhyNot | undefined;
    readonly progress: never;
  };
}

export interface WhyNot {
  readonly code: string;
  /** Its title, as on a card. */
  readonly rewrite: string;
  /** The rules of the smallest program, compact notation, in its component. */
  readonly original: string;
  /** The same after the refused step; components that did not change are left out. */
  readonly forced: string;
  /** The facts that others send, in the order in which the forced run takes them. */
  readonly inputs: readonly string[];
  readonly originalRun: RecordedRun;
  readonly forcedRun: RecordedRun;
  /**
   * safety: clients see something after which the original never gives it; quiescence: the forced program comes to rest
   * without what the original gives.
   */
  readonly violation: "safety" | "quiescence";
  /** What clients see last in the forced run; empty when it comes to rest. */
  readonly last: readonly string[];
  /** What the original run gives and the forced run does not. */
  readonly missing: readonly string[];
  /** States that were tried before a shortest run was found. */
  readonly explored: number;
}

/** A run as arrows between lanes, one moment a tick; the client is lane 0. */
export interface RecordedRun {
  readonly lanes: readonly string[];
  readonly moments: number;
  readonly arrows: readonly Arrow[];
  /** The lanes that tick at each moment. */
  readonly ticks: readonly (readonly number[])[];
  /** Moments at which lanes crash and start again, losing what is under way to them then. */
  readonly crashes: readonly { readonly moment: number; readonly lanes: readonly number[] }[];
}

export interface Arrow {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly sentAt: number;
  /** Absent: it is still under way at the end. */
  readonly arrivedAt?: number;
  /** It would have arrived then, where a crash takes it. */
  readonly lost?: true;
}
