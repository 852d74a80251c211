import { isTuple, valueKey, type Value } from "../program/value.ts";
import { functionKey, type FunctionImplementation } from "./functions.ts";

/** The place of a value in a tuple of distinct ones. No program has a function of that name. */
export const PLACE = " place";
export const PLACE_INPUTS = 2;

const places = new WeakMap<object, ReadonlyMap<string, number>>();

function placesIn(all: readonly Value[]): ReadonlyMap<string, number> {
  let found = places.get(all);
  if (found === undefined) {
    places.set(all, (found = new Map(all.map((value, i) => [valueKey(value), i]))));
  }
  return found;
}

const place: FunctionImplementation = ([all, value]) => {
  const at = isTuple(all!) ? placesIn(all).get(valueKey(value!)) : undefined;
  return at === undefined ? undefined : [at];
};

/** Functions of the evaluator's own, which no environment gives. */
export const OWN_FUNCTIONS: ReadonlyMap<string, FunctionImplementation> = new Map([
  [functionKey(PLACE, PLACE_INPUTS + 1), place],
]);
