/**
 * How the names of program files end: Dedalus in any notation, a Rust file with `datalog!` strings, datalog, Hydroflow
 * datalog, Molly, a pasted listing. Notations are told apart by their text; this is only what dialogs list.
 */
export const PROGRAM_ENDINGS = [".ded", ".dedalus", ".rs", ".dl", ".hf", ".molly", ".txt"] as const;

/** The ending with which a program is saved: the one that it came with, or the usual one. */
export function endingOf(fileName: string): string {
  const lower = fileName.toLowerCase();
  return PROGRAM_ENDINGS.find((ending) => lower.endsWith(ending)) ?? ".ded";
}

/** A file that a program includes, as it is kept with the program. */
export interface IncludedFile {
  /** Without a folder. */
  readonly name: string;
  readonly text: string;
}

/** The length of a program: its own text and what came with it. */
export function charactersOf(
  text: string,
  includes: readonly Pick<IncludedFile, "text">[] = [],
): number {
  return includes.reduce((sum, file) => sum + file.text.length, text.length);
}
