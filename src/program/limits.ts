/**
 * The longest program that editors read while it is typed, about 12,000 rules: of them the page still takes in what its
 * workers say without standing still. The command line reads longer ones.
 */
export const MOST_CHARACTERS = 1_000_000;

/** Of more rules, or of more lines between them, no graph is drawn: neither the page nor the eye could take it in. */
export const MOST_DRAWN = { rules: 6_000, lines: 100_000 } as const;

/**
 * How deep tuples nest at most, in whatever is read or computed: what a program computes can then be sent, written to a
 * file and walked by functions that recurse, and one that grows a tuple without end is told so.
 */
export const MAX_TUPLE_DEPTH = 64;

/**
 * How large a value gets at most that a program computes, counting one for each value, character and byte in it: it fits
 * the frame that it is sent in.
 */
export const MAX_VALUE_SIZE = 1 << 20;

/** What is wrong with a text of that length. */
export function tooLongText(characters: number): string {
  const [length, most] = [characters, MOST_CHARACTERS].map((n) => n.toLocaleString("en"));
  return `The text has ${length} characters; programs of up to ${most} are read.`;
}
