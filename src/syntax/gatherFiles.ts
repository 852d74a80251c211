import type { IncludedFile } from "../program/programFiles.ts";
import { fileNameOf } from "./includes.ts";
import { includedPaths } from "./readClauses.ts";

/** A program with the files that it includes, directly or by way of others. */
export interface GatheredProgram extends IncludedFile {
  readonly includes: readonly IncludedFile[];
}

export interface Gathered {
  /** In the order in which they were given. */
  readonly programs: readonly GatheredProgram[];
  /** All that the open program includes, where some of it was given; undefined where none was. */
  readonly completed: readonly IncludedFile[] | undefined;
  /** What is left out, and why: a sentence each. */
  readonly problems: readonly string[];
}

type Names = ReadonlyMap<IncludedFile, readonly string[]>;

/**
 * What files given together are: programs, files that those include, and files that the open program includes, whether it
 * misses them or has an older text of theirs. Files are told apart by their names (docs/adr/0026).
 */
export function gatherFiles(
  given: readonly IncludedFile[],
  open: GatheredProgram | undefined,
): Gathered {
  const opened = open === undefined ? [] : [{ name: open.name, text: open.text }, ...open.includes];
  const names: Names = new Map(
    [...opened, ...given].map((file) => [file, includedPaths(file.text).map(fileNameOf)]),
  );
  const { files, problems } = oneOfEachName(given, new Set([...names.values()].flat()));
  const byOpen = new Set(opened.flatMap((file) => names.get(file)!));
  const [more, programs]: [IncludedFile[], GatheredProgram[]] = [[], []];
  for (const file of outermost(files, names)) {
    if (byOpen.has(file.name) && file.name !== open?.name) {
      more.push(file, ...reachable(file, files, names));
      continue;
    }
    // Another version of the open program, or its sibling, comes without the files that are here already.
    const includes = reachable(file, [...files, ...opened], names);
    programs.push({ ...file, includes });
    problems.push(...missing([file, ...includes], names));
  }
  const replaced = new Set(more.map(({ name }) => name));
  const kept = open?.includes.filter(({ name }) => !replaced.has(name)) ?? [];
  return { programs, completed: more.length === 0 ? undefined : [...kept, ...more], problems };
}

/** The reader says of each missing file where it is included, and shows the first; of several all are named at once. */
function missing(read: readonly [IncludedFile, ...IncludedFile[]], names: Names): string[] {
  const here = new Set(read.map(({ name }) => name));
  const wanted = new Set(read.flatMap((file) => names.get(file)!).filter((n) => !here.has(n)));
  if (wanted.size < 2) return [];
  const list = [...wanted].join(", ").replace(/, ([^,]*)$/, " and $1");
  return [`${read[0].name} includes ${list}, which are not here: drop them on this window.`];
}

/** Files of one name are only refused where an include means one of them. */
function oneOfEachName(
  given: readonly IncludedFile[],
  included: ReadonlySet<string>,
): { readonly files: readonly IncludedFile[]; readonly problems: string[] } {
  const different = given.filter(
    (file, i) => !given.slice(0, i).some((f) => f.name === file.name && f.text === file.text),
  );
  const isTwice = (name: string): boolean =>
    included.has(name) && different.filter((file) => file.name === name).length > 1;
  const twice = new Set(different.map(({ name }) => name).filter(isTwice));
  return {
    files: different.filter(({ name }) => !twice.has(name)),
    problems: [...twice].map(
      (name) =>
        `Two files are called ${name}, and included files are told apart by their names. Give one another name.`,
    ),
  };
}

/** Those that no other one includes; of files that only include each other, the first. */
function outermost(files: readonly IncludedFile[], names: Names): readonly IncludedFile[] {
  const inner = new Set(
    files.flatMap((file) => names.get(file)!.filter((name) => name !== file.name)),
  );
  const found = files.filter(({ name }) => !inner.has(name));
  const reached = new Set(found.flatMap((file) => [file, ...reachable(file, files, names)]));
  for (const file of files) {
    if (reached.has(file)) continue;
    found.push(file);
    for (const each of [file, ...reachable(file, files, names)]) reached.add(each);
  }
  return found;
}

/** What a file includes, and what that includes. */
function reachable(
  from: IncludedFile,
  files: readonly IncludedFile[],
  names: Names,
): readonly IncludedFile[] {
  const found = new Set([from]);
  // A set is walked in the order of its growth.
  for (const file of found) {
    for (const name of names.get(file)!) {
      const next = files.find((each) => each.name === name);
      if (next !== undefined) found.add(next);
    }
  }
  found.delete(from);
  return [...found];
}
