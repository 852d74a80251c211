import type { RelationName } from "../program/program.ts";

/**
 * What both ends of every link of one run agree on: relations go by their index, and so do the addresses
 * that the plan names. Derived from the plan alone, so every process computes the same one.
 */
export interface WireSchema {
  readonly relations: readonly { readonly name: RelationName; readonly arity: number }[];
  readonly addresses: readonly string[];
}

/** Rows are coalesced into frames of about this many bytes; a longer row makes a longer frame. */
export const FRAME_BYTES = 65_536;

/** A longer frame can only be an error or an attack. */
export const MAX_FRAME_BYTES = 16 * 1_048_576;

/** The tag byte before each value; a byte below 0x80 is that integer itself. */
export const TAG = {
  false: 0x80,
  true: 0x81,
  int32: 0x82,
  int64: 0x83,
  ascii: 0x84,
  utf8: 0x85,
  /** A string with a lone surrogate, which UTF-8 cannot carry. */
  utf16: 0x86,
  bytes: 0x87,
  /** An address of the schema, by index. */
  knownAddress: 0x88,
  address: 0x89,
  tuple: 0x8a,
} as const;
