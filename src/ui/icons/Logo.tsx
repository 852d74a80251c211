import type { ReactNode } from "react";

/** A ball of thread: the clew that leads out of the maze. */
export function Logo(): ReactNode {
  return (
    <svg className="logo" width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
      <g fill="none" stroke="currentColor" strokeWidth="1.800" strokeLinecap="round">
        <circle cx="10" cy="10" r="7.500" />
        <path d="M4 6.500c4 .500 8.500 3 11.500 7.500M3 11c3 .300 6 2 8.500 6M7.500 3.200c4 .800 7.500 3.300 9.800 7.300M15.500 15.500c1.500 1.800 3 3.300 5 4" />
      </g>
    </svg>
  );
}
