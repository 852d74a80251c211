import { useMediaQuery } from "@mantine/hooks";

export type Width = "wide" | "middle" | "narrow";

/** From 1200 three columns, from 1024 two, below one panel at a time (ui.md, Width). */
export function useWidth(): Width {
  const wide = useMediaQuery("(min-width: 1200px)", window.innerWidth >= 1200, {
    getInitialValueInEffect: false,
  });
  const middle = useMediaQuery("(min-width: 1024px)", window.innerWidth >= 1024, {
    getInitialValueInEffect: false,
  });
  return wide ? "wide" : middle ? "middle" : "narrow";
}
