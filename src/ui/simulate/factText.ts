import type { Row, Value } from "../../program/value.ts";
import { isTuple } from "../../program/value.ts";

const SHOWN_BYTES = 4;

/** A value as short as it stays recognisable: long bytes keep their first four. */
export function valueText(value: Value): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object") return String(value);
  if (isTuple(value)) return `(${value.map(valueText).join(", ")})`;
  if (value.kind === "address") return value.name;
  const digits = SHOWN_BYTES * 2;
  return value.hex.length <= digits ? `0x${value.hex}` : `0x${value.hex.slice(0, digits)}…`;
}

export function factText(relation: string, row: Row): string {
  return `${relation}(${row.map(valueText).join(", ")})`;
}

/** The same with every byte: what a tooltip and a copy hold. */
export function wholeFactText(relation: string, row: Row): string {
  const whole = (value: Value): string => {
    if (typeof value !== "object") return valueText(value);
    if (isTuple(value)) return `(${value.map(whole).join(", ")})`;
    return value.kind === "bytes" ? `0x${value.hex}` : value.name;
  };
  return `${relation}(${row.map(whole).join(", ")})`;
}

/** Simulated milliseconds, one digit behind the point. */
export function timeText(at: number): string {
  return at.toFixed(1);
}
