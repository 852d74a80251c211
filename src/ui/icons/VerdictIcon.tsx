import type { ReactNode } from "react";

export type VerdictMark =
  "holds" | "inserted" | "lockstep" | "violated" | "none" | "unverified" | "checked";

const WORDS: Readonly<Record<VerdictMark, string>> = {
  holds: "applies",
  inserted: "applies with an inserted step",
  lockstep: "lock-step only",
  violated: "refused",
  none: "nothing applies to this rule alone",
  unverified: "not verified",
  checked: "refines within bounds",
};

/** A verdict as icon and colour; the word goes to readers unless the text beside it says it already. */
export function VerdictIcon({
  verdict,
  size = 16,
  labelled = true,
}: {
  readonly verdict: VerdictMark;
  readonly size?: number;
  readonly labelled?: boolean;
}): ReactNode {
  return (
    <svg
      className={`verdict-icon verdict-${verdict}`}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      {...(labelled ? { role: "img", "aria-label": WORDS[verdict] } : { "aria-hidden": true })}
    >
      {shape(verdict)}
    </svg>
  );
}

function shape(verdict: VerdictMark): ReactNode {
  switch (verdict) {
    case "holds":
      return (
        <>
          <circle cx="8" cy="8" r="6.2" />
          <path d="M5.2 8.2l2 2 3.600-4.200" />
        </>
      );
    case "inserted":
      return (
        <>
          <path d="M13.300 7.200A5.800 5.800 0 1 1 9.500 2.700" />
          <path d="M4.700 8.300l2 2 3.500-4" />
          <path d="M12.700 1.200v4M10.700 3.200h4" />
        </>
      );
    case "lockstep":
      return (
        <>
          <path d="M8 1.300L14.700 8 8 14.700 1.300 8z" />
          <path d="M6.700 6v4M9.300 6v4" />
        </>
      );
    case "violated":
      return (
        <>
          <path
            d="M5.200 1.500h5.600l3.700 3.700v5.600l-3.700 3.700H5.200l-3.700-3.700V5.200z"
            fill="currentColor"
          />
          <path d="M6 6l4 4M10 6l-4 4" stroke="var(--on-no)" />
        </>
      );
    case "none":
      return <circle cx="8" cy="8" r="4.500" />;
    case "unverified":
      return <circle cx="8" cy="8" r="6.200" strokeDasharray="2.500 2.500" />;
    case "checked":
      return (
        <>
          <circle cx="8" cy="8" r="6.200" strokeDasharray="2.500 2.500" />
          <path d="M5.200 8.200l2 2 3.600-4.200" />
        </>
      );
  }
}
