import { useEffect, useState } from "react";
import { useClew } from "../store/clewStore.ts";
import type { ClusterSweep } from "./clusterSweep.ts";
import { planOf } from "./sweptPlans.ts";

/** A sentence when a program was measured that is not the open one; undefined when it is, or not yet known. */
export function useStale(sweep: ClusterSweep): string | undefined {
  const document = useClew((state) => state.document);
  const [changed, setChanged] = useState<readonly string[]>([]);
  const { programs } = sweep;
  useEffect(() => {
    let current = true;
    const checks = programs.map(async ({ side, planKey }) => {
      const now = await planOf(side, document).catch(() => undefined);
      return now?.planKey === planKey ? [] : [side];
    });
    void Promise.all(checks).then((sides) => {
      if (current) setChanged(sides.flat());
    });
    return () => {
      current = false;
    };
  }, [programs, document]);
  if (changed.length === 0) return undefined;
  const which = changed.length === 2 ? "programs" : `${changed[0]} program`;
  return `The ${which} measured here ${changed.length === 2 ? "are" : "is"} not what is open now: the program was changed, or another step is shown. Run again to measure what is open.`;
}
