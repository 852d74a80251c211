import type { IToken } from "chevrotain";
import { address, bytes, integer } from "../program/value.ts";
import type { Value } from "../program/value.ts";
import type { Problem } from "./problem.ts";
import * as words from "./tokens.ts";

export type ReadConstant =
  { readonly value: Value; readonly problem?: never } | { readonly problem: Problem };

/** `digits` with its sign; integers are 64-bit signed and exact (language.md section 1). */
export function readInteger(token: IToken, sign: IToken | undefined): ReadConstant {
  // These need no bigint, and nearly all are of them; there is no -0.
  if (token.image.length < 15)
    return { value: Number(token.image) * (sign === undefined ? 1 : -1) + 0 };
  const span = words.spanOf(sign ?? token, token);
  // The longest integer has 19 digits; longer ones need not become a bigint to be refused.
  const digits = token.image.replace(/^0+(?=\d)/, "");
  const value =
    digits.length > 19 ? undefined : integer(BigInt(digits) * (sign === undefined ? 1n : -1n));
  if (value !== undefined) return { value };
  const shown = digits.length > 24 ? `${digits.slice(0, 20)}…` : digits;
  return {
    problem: {
      code: "integer-range",
      message: `${sign ? "-" : ""}${shown} does not fit in 64 bits, the range of integers.`,
      span,
    },
  };
}

export function readBytes(token: IToken): ReadConstant {
  const hex = token.image.slice(2);
  if (/^(?:[0-9a-fA-F]{2})*$/.test(hex)) return { value: bytes(hex) };
  return {
    problem: {
      code: "bytes",
      message: "These bytes are not an even number of hexadecimal digits.",
      span: words.spanOf(token),
    },
  };
}

export function readString(token: IToken): ReadConstant {
  return unquote(token.image, token.startOffset);
}

export function readAddress(token: IToken): ReadConstant {
  const from = token.image.search(/["“”]/);
  const to = token.image.lastIndexOf(")");
  const name = unquote(token.image.slice(from, to).trimEnd(), token.startOffset + from);
  return name.problem === undefined && typeof name.value === "string"
    ? { value: address(name.value) }
    : name;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
  ["b", "\b"],
  ["f", "\f"],
  ["0", "\0"],
  ["/", "/"],
  ["\\", "\\"],
  ['"', '"'],
  ["“", "“"],
  ["”", "”"],
]);

/** A quoted string's value; escapes are those of JSON, with `\0` and `\u{…}`. */
export function unquote(image: string, offset: number): ReadConstant {
  const problem = (code: string, message: string, start: number, length: number) => ({
    problem: { code, message, span: { start: offset + start, end: offset + start + length } },
  });
  const end = image.length - 1;
  const pieces: string[] = [];
  let from = 1;
  for (let i = 1; i < end; i++) {
    if (image.charAt(i) !== "\\") continue;
    const escape = readEscape(image, i + 1);
    if (escape === undefined || i + escape.length >= end) {
      if (i + 1 >= end) break;
      return problem("escape", `\`${image.slice(i, i + 2)}\` is no escape of a string.`, i, 2);
    }
    pieces.push(image.slice(from, i), escape.text);
    i += escape.length;
    from = i + 1;
  }
  if (!closes(image)) {
    return problem("open-string", "This string is not closed on its line.", 0, image.length);
  }
  return {
    value: pieces.length === 0 ? image.slice(1, end) : pieces.join("") + image.slice(from, end),
  };
}

/** Whether the last quote ends the string rather than being escaped or its first one. */
function closes(image: string): boolean {
  const closing = words.closingQuotes(image.charAt(0));
  if (image.length < 2 || !closing.includes(image.charAt(image.length - 1))) return false;
  let slashes = 0;
  while (image.charAt(image.length - 2 - slashes) === "\\") slashes++;
  return slashes % 2 === 0;
}

function readEscape(image: string, at: number): { text: string; length: number } | undefined {
  const c = image.charAt(at);
  const plain = ESCAPES.get(c);
  if (plain !== undefined) return { text: plain, length: 1 };
  if (c !== "u") return undefined;
  const rest = image.slice(at + 1, at + 9);
  const four = /^[0-9a-fA-F]{4}/.exec(rest)?.[0];
  if (four !== undefined) return { text: String.fromCharCode(parseInt(four, 16)), length: 5 };
  const braced = /^\{([0-9a-fA-F]{1,6})\}/.exec(rest);
  const point = braced === null ? NaN : parseInt(braced[1]!, 16);
  return point <= 0x10ffff
    ? { text: String.fromCodePoint(point), length: 1 + braced![0].length }
    : undefined;
}
