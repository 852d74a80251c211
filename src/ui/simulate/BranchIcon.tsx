import type { ReactNode } from "react";

/** A thread that leaves another. */
export function BranchIcon(): ReactNode {
  return (
    <svg className="branch-icon" width={12} height={12} viewBox="0 0 12 12" aria-hidden="true">
      <path d="M1 9 H11 M3 9 C6 9 5 3 8 3 H11" />
    </svg>
  );
}
