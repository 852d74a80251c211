import type { ReactNode } from "react";

/** A sentence of the core's, with `names` between backticks in the code face. */
export function Prose({
  text,
  strongStart = false,
}: {
  readonly text: string;
  /** The first sentence in bold, as refusals have it. */
  readonly strongStart?: boolean;
}): ReactNode {
  if (!strongStart) return <>{coded(text)}</>;
  const end = /[.?!](?=\s|$)/.exec(text.replaceAll(/`[^`]*`/g, (code) => "x".repeat(code.length)));
  const cut = end === null ? text.length : end.index + 1;
  return (
    <>
      <b>{coded(text.slice(0, cut))}</b>
      {coded(text.slice(cut))}
    </>
  );
}

function coded(text: string): ReactNode {
  return text
    .split("`")
    .map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}
