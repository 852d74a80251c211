import { MAX_TUPLE_DEPTH, MAX_VALUE_SIZE } from "../program/limits.ts";
import { isTuple, scalarSize, type Value } from "../program/value.ts";
import { ValueFault } from "./evaluationError.ts";

const TOO_DEEP = -1;
const TOO_LARGE = -2;

/** A value that a rule has computed: fails where no value may nest so deep or be so large (docs/language.md, Terms). */
export function computed(value: Value): Value {
  const size = sizeWithin(value, MAX_TUPLE_DEPTH, MAX_VALUE_SIZE);
  if (size === TOO_DEEP) {
    throw new ValueFault(`a tuple would be nested more than ${MAX_TUPLE_DEPTH} deep`);
  }
  if (size === TOO_LARGE) {
    const most = MAX_VALUE_SIZE.toLocaleString("en");
    throw new ValueFault(`a value of more than ${most} values, characters and bytes would be made`);
  }
  return value;
}

/** The size of a value, or which of the limits it passes; looks no further then. */
function sizeWithin(value: Value, depth: number, most: number): number {
  if (!isTuple(value)) {
    const size = scalarSize(value);
    return size > most ? TOO_LARGE : size;
  }
  if (depth === 0) return TOO_DEEP;
  let size = 1;
  for (let i = 0; i < value.length && size <= most; i++) {
    const more = sizeWithin(value[i]!, depth - 1, most - size);
    if (more < 0) return more;
    size += more;
  }
  return size > most ? TOO_LARGE : size;
}
