import { printValue } from "../program/printTerm.ts";
import type { ArithmeticOperator, ComparisonOperator } from "../program/program.ts";
import { compareValues, integer, kindOf, type Value } from "../program/value.ts";
import { ValueFault } from "./evaluationError.ts";

/**
 * `left operator right` over exact 64-bit integers; division and remainder truncate towards zero. Throws a
 * `ValueFault` on division by zero, overflow and operands that are no integers (language.md section 1).
 */
export function arithmetic(operator: ArithmeticOperator, left: Value, right: Value): Value {
  if (typeof left === "number" && typeof right === "number") {
    const result = small(operator, left, right);
    if (Number.isSafeInteger(result)) return result + 0;
  }
  const result = integer(large(operator, big(operator, left, right), big(operator, right, left)));
  if (result === undefined) {
    throw new ValueFault(
      `${printValue(left)} ${operator} ${printValue(right)} does not fit 64 bits`,
    );
  }
  return result;
}

/** Exact when the result is a safe integer, otherwise not to be used. */
function small(operator: ArithmeticOperator, left: number, right: number): number {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return right === 0 ? NaN : (left - (left % right)) / right;
    case "%":
      return right === 0 ? NaN : left % right;
  }
}

function large(operator: ArithmeticOperator, left: bigint, right: bigint): bigint {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
    case "%":
      if (right === 0n) throw new ValueFault(`${left} ${operator} 0 divides by zero`);
      return operator === "/" ? left / right : left % right;
  }
}

function big(operator: ArithmeticOperator, operand: Value, other: Value): bigint {
  if (typeof operand === "number" || typeof operand === "bigint") return BigInt(operand);
  throw new ValueFault(
    `the ${kindOf(operand)} ${printValue(operand)} cannot be used with ${operator} and ${printValue(other)}`,
  );
}

/** Comparisons order all values (`compareValues`): values of different kinds are never equal, and never an error. */
export function compares(operator: ComparisonOperator, left: Value, right: Value): boolean {
  return holds(operator, left === right ? 0 : compareValues(left, right));
}

export function holds(operator: ComparisonOperator, order: number): boolean {
  switch (operator) {
    case "==":
      return order === 0;
    case "!=":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}
