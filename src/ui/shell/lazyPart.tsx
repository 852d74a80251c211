import { Component, lazy, useState } from "react";
import type { ComponentType, ReactNode } from "react";
import { Prose } from "./Prose.tsx";

/**
 * A part of the app that is loaded when it is first shown, inside somebody's Suspense. Where that fails, most often because
 * the local server that serves its file has gone, it says so in its place, and the rest of the window stays as it is.
 */
export function lazyPart<Props extends object>(
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
): ComponentType<Props> {
  const View = lazy(load) as unknown as ComponentType<Props>;
  return function Part(props: Props): ReactNode {
    return (
      <PartBoundary>
        <View {...props} />
      </PartBoundary>
    );
  };
}

class PartBoundary extends Component<
  { readonly children: ReactNode },
  { readonly reason?: string }
> {
  override state: { readonly reason?: string } = {};

  static getDerivedStateFromError(error: unknown): { readonly reason: string } {
    return { reason: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { reason } = this.state;
    return reason === undefined ? this.props.children : <Unshown reason={reason} />;
  }
}

const GONE =
  "This part of Clew could not be loaded: the local server does not answer. Start it again with `npm start`. Your text and its steps are kept.";
const STOPPED =
  "This part of Clew stopped with an error of its own. Your text and its steps are kept.";

function Unshown({ reason }: { readonly reason: string }): ReactNode {
  const [silent, setSilent] = useState(false);
  const isGone = /preload|dynamically imported|fetch/i.test(reason);
  // A page asks once for each of its files, so only a new page asks again; without a server there would be none.
  const reload = (): void => {
    setSilent(false);
    fetch(location.href, { cache: "no-store" }).then(
      () => location.reload(),
      () => setSilent(true),
    );
  };
  return (
    <div className="part-unshown" role="alert">
      <p>
        <Prose text={isGone ? GONE : STOPPED} />
      </p>
      <p className="part-unshown-reason">{reason}</p>
      <button type="button" className="button" onClick={reload}>
        Load again
      </button>
      {silent && <p>The server still does not answer.</p>}
    </div>
  );
}
