import { cpus } from "node:os";

/** Time of all cores so far, in milliseconds. */
export interface MachineTime {
  readonly busy: number;
  readonly all: number;
}

export function machineTime(): MachineTime {
  return cpus().reduce(
    ({ busy, all }, { times }) => {
      const used = times.user + times.nice + times.sys + times.irq;
      return { busy: busy + used, all: all + used + times.idle };
    },
    { busy: 0, all: 0 },
  );
}

/** Share of all cores that was in use since then, 0 to 1, by whatever ran on this machine. */
export function busySince(then: MachineTime): number {
  const now = machineTime();
  const all = now.all - then.all;
  return all > 0 ? (now.busy - then.busy) / all : 0;
}
