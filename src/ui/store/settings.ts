/** A small choice kept in this browser; undefined where there is none, or no storage. */
export function keptSetting(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps it where there is room: a choice is no reason to stop. */
export function keepSetting(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // It holds until the page goes.
  }
}
