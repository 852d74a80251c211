import { useCallback, useState } from "react";
import type { Point } from "../../workers/layoutApi.ts";

type Pinned = Readonly<Record<string, Point>>;

/** What was dragged by hand stays there; Tidy forgets it, and can be undone until the next drag. */
export function usePinned(): {
  readonly pinned: Pinned;
  readonly tidied: boolean;
  pin(id: string, at: Point): void;
  tidy(): void;
} {
  const [state, setState] = useState<{ readonly pinned: Pinned; readonly before?: Pinned }>({
    pinned: {},
  });
  const pin = useCallback(
    (id: string, at: Point) => setState(({ pinned }) => ({ pinned: { ...pinned, [id]: at } })),
    [],
  );
  const tidy = useCallback(
    () =>
      setState(({ pinned, before }) => {
        if (before !== undefined) return { pinned: before };
        return Object.keys(pinned).length === 0 ? { pinned: {} } : { pinned: {}, before: pinned };
      }),
    [],
  );
  return { pinned: state.pinned, tidied: state.before !== undefined, pin, tidy };
}
