/** A Chromium for browser tests and benchmarks; installed from Debian's packages where there is none. */
export function installChromium(): string;
