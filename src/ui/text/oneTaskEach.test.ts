import { expect, test } from "vitest";
import { oneTaskEach } from "./oneTaskEach.ts";

/** What four jobs did, with a bar where each of them let others have their turn. */
async function log(
  fits: () => boolean,
  during: (name: string, stop: () => void) => void = () => undefined,
): Promise<string> {
  const done: string[] = [];
  const jobs = ["0", "1", "2", "3"].map((name) => () => {
    done.push(name);
    queueMicrotask(() => done.push("|"));
    during(name, stop);
  });
  const stop = oneTaskEach(jobs, fits);
  expect(done).toEqual([]);
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
  return done.join("");
}

test("every job has a task of its own, in order, and none begins at once", async () => {
  expect(await log(() => true)).toBe("0|1|2|3|");
});

test("none is done once they fit no longer, or after it was stopped", async () => {
  let left = 2;
  expect(await log(() => left-- > 0)).toBe("0|1|");
  expect(
    await log(
      () => true,
      (name, stop) => name === "0" && stop(),
    ),
  ).toBe("0|");
});
