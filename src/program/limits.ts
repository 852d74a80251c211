/** The longest program that editors read while it is typed, about 6,000 rules; the command line reads longer ones. */
export const MOST_CHARACTERS = 300_000;

/** What is wrong with a text of that length. */
export function tooLongText(characters: number): string {
  const [length, most] = [characters, MOST_CHARACTERS].map((n) => n.toLocaleString("en"));
  return `The text has ${length} characters; programs of up to ${most} are read.`;
}
