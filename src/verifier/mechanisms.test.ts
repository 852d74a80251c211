import { expect, test } from "vitest";
import { EQUIVALENT, guards, mechanisms } from "./mechanisms.testing.ts";

/** `npm run fuzz -- mutants` takes all of them. */
const LOOKED_AT = 40;
const all = guards();

test("a few guards, others each time: without one of them something is different", () => {
  const seed = Date.now() % all.length;
  const stride = Math.floor(all.length / LOOKED_AT);
  const sample = Array.from(
    { length: LOOKED_AT },
    (_, i) => all[(seed + i * stride) % all.length]!,
  );
  const unnoticed = sample.filter((g) => g.equivalent === undefined && g.noticed() === undefined);
  expect(
    unnoticed.map(({ mechanism, name }) => `${mechanism}: ${name}`),
    `seed ${seed}`,
  ).toEqual([]);
});

test("what is said to be equivalent is said of guards that there are", () => {
  const named = (like: RegExp, mechanism?: string) =>
    all.some(
      (guard) => (mechanism ?? guard.mechanism) === guard.mechanism && like.test(guard.name),
    );
  const stale = [
    ...EQUIVALENT.filter(([like]) => !named(like)),
    ...mechanisms.flatMap(({ name, equivalent = [] }) =>
      equivalent.filter(([like]) => !named(like, name)),
    ),
  ];
  expect(stale).toEqual([]);
});
