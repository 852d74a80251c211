import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { useClew } from "../store/clewStore.ts";

/** The one polite live region: at most one sentence a second, the latest wins. */
export function LiveRegion(): ReactNode {
  const announcement = useClew((state) => state.announcement);
  const [spoken, speak] = useState("");
  const lastAt = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, 1000 - (performance.now() - lastAt.current));
    const timer = setTimeout(() => {
      lastAt.current = performance.now();
      speak(announcement);
    }, wait);
    return () => clearTimeout(timer);
  }, [announcement]);
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {spoken}
    </div>
  );
}
