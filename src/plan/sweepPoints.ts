/** A run that a sweep will make: a program by its place among those compared, and a number of clients. */
export interface PlannedPoint {
  readonly program: number;
  readonly clients: number;
  /** Which measurement of this point it is, counted from 1. */
  readonly repeat: number;
}

/** A sweep has at most so many numbers of clients: each is a run of its own, of every program. */
export const MAX_CLIENT_COUNTS = 32;

/**
 * The runs of a sweep in order: few clients first, and the programs in turn at each number and each repeat, so that a
 * machine that gets slower or faster meanwhile does so for all of them alike.
 */
export function sweepPoints(
  programs: number,
  clients: readonly number[],
  repeats = 1,
): readonly PlannedPoint[] {
  return clients.flatMap((count) =>
    Array.from({ length: repeats }, (_, repeat) =>
      Array.from({ length: programs }, (_, program) => ({
        program,
        clients: count,
        repeat: repeat + 1,
      })),
    ).flat(),
  );
}

export type ClientCounts =
  | { readonly kind: "ok"; readonly counts: readonly number[] }
  | { readonly kind: "problem"; readonly message: string };

/** Reads "1, 4, 16": numbers of clients, smallest first, each once. */
export function readClientCounts(text: string, max: number): ClientCounts {
  const problem = (message: string): ClientCounts => ({ kind: "problem", message });
  const parts = text.split(/[\s,;]+/).filter((part) => part !== "");
  if (parts.length === 0) return problem("Say at least one number of clients, such as 1, 4, 16.");
  const wrong = parts.find((part) => !isCount(part, max));
  if (wrong !== undefined) {
    return problem(
      `“${wrong}” is no number of clients: whole numbers from 1 to ${max}, with commas between them.`,
    );
  }
  const counts = [...new Set(parts.map(Number))].sort((a, b) => a - b);
  if (counts.length > MAX_CLIENT_COUNTS) {
    return problem(
      `These are ${counts.length} numbers of clients; at most ${MAX_CLIENT_COUNTS} can be run in one go.`,
    );
  }
  return { kind: "ok", counts };
}

function isCount(text: string, max: number): boolean {
  return /^[0-9]{1,9}$/.test(text) && Number(text) >= 1 && Number(text) <= max;
}
