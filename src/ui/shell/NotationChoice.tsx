import type { ReactNode } from "react";
import { useClew } from "../store/clewStore.ts";
import { shownView } from "../store/selectors.ts";
import { DIALECTS, NOTATIONS } from "./notations.ts";

/** Found out from the base's text; to be said by hand where that goes wrong. */
export default function NotationChoice(): ReactNode {
  const dialect = useClew((state) => shownView(state)?.dialect ?? "compact");
  const chosen = useClew((state) => state.document?.source.dialect);
  const at = useClew((state) => state.document?.at ?? 0);
  const read = useClew((state) => state.readBaseAs);
  if (at > 0) return <span>{NOTATIONS[dialect]}</span>;
  return (
    <select
      className="status-select"
      aria-label="Notation of the base"
      value={chosen ?? "detected"}
      onChange={(event) => {
        const { value } = event.currentTarget;
        read(DIALECTS.find((choice) => choice === value));
      }}
    >
      <option value="detected">
        {chosen === undefined ? `${NOTATIONS[dialect]}, detected` : "Detect the notation"}
      </option>
      {DIALECTS.map((choice) => (
        <option key={choice} value={choice}>
          {NOTATIONS[choice]}
        </option>
      ))}
    </select>
  );
}
