/** Does jobs one after the other, each in a task of its own, as long as they still fit; returns what ends it. */
export function oneTaskEach(jobs: readonly (() => void)[], fits: () => boolean): () => void {
  let stopped = false;
  const goOn = (index: number): void => {
    const job = jobs[index];
    if (job === undefined) return;
    setTimeout(() => {
      if (stopped || !fits()) return;
      job();
      goOn(index + 1);
    }, 0);
  };
  goOn(0);
  return () => {
    stopped = true;
  };
}
