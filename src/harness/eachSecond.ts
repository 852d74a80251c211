export interface Clock {
  stop(): void;
}

/** Calls `second` when each second is over, from 1, then `next` once; late timers do not add up. */
export function eachSecond(seconds: number, second: (n: number) => void, next: () => void): Clock {
  const ends = performance.now() + seconds * 1000;
  let timer: NodeJS.Timeout | undefined;
  const wait = (n: number): void => {
    const left = ends - (seconds - n) * 1000 - performance.now();
    timer = setTimeout(over, Math.max(0, left), n);
  };
  const over = (n: number): void => {
    if (n < seconds) wait(n + 1);
    second(n);
    if (n === seconds) next();
  };
  wait(1);
  return { stop: () => clearTimeout(timer) };
}
