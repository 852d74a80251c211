import type { ReactNode } from "react";
import { VerdictIcon } from "../icons/VerdictIcon.tsx";
import { TakenAwayNotice } from "./TakenAwayNotice.tsx";
import { Prose } from "./Prose.tsx";
import { useClew } from "../store/clewStore.ts";

/** What went wrong outside the program's own text. It stays until dismissed: a toast could be missed. */
export function Problem(): ReactNode {
  const problem = useClew((state) => state.problem);
  const notices = useClew((state) => state.replay?.notices);
  const report = useClew((state) => state.report);
  const inDialog = useClew((state) => state.dialog === "derivation");
  const takenAway = useClew((state) => state.takenAway !== undefined);
  const nothing = !takenAway && problem === undefined && (notices ?? []).length === 0;
  if (nothing) return null;
  return (
    <section className="problems" aria-label="Notices">
      {!inDialog && <TakenAwayNotice />}
      {notices?.map((notice) => (
        <div className="problem" role="status" key={notice}>
          <VerdictIcon verdict="lockstep" />
          <span>{notice}</span>
        </div>
      ))}
      {problem !== undefined && (
        <div className="problem problem-error" role="alert">
          <VerdictIcon verdict="violated" />
          <span>
            <Prose text={problem} />
          </span>
          <button className="button" onClick={() => report(undefined)}>
            Dismiss
          </button>
        </div>
      )}
    </section>
  );
}
