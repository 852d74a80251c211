import type { IncludedFile } from "../program/programFiles.ts";
import type { Problem } from "./problem.ts";

/** Where the texts are that a text includes. Neither: only one text is there to read. */
export interface IncludeOptions {
  /** What the text itself is called, where that is known: it must not include itself. */
  readonly fileName?: string;
  /** The text of an included file by its path, from the folder of the text. */
  readonly include?: (path: string) => string | undefined;
  /** The files themselves, known by name only: a browser does not say in which folder a file was. */
  readonly includes?: readonly IncludedFile[];
  /** What an included file says has its own place, in all texts one after the other; else it has that of its `include`. */
  readonly joined?: boolean;
}

/** Stands between texts that are joined, so that each begins a line. */
export const BETWEEN_TEXTS = "\n\n";

/** What an `include` brings: a text that stands at `path`, nothing new, or what is wrong. */
export type Included =
  | { readonly kind: "text"; readonly path: string; readonly text: string }
  | { readonly kind: "known" }
  | ({ readonly kind: "problem" } & Omit<Problem, "span">);

const MAX_INCLUDED = 1_000_000;
const KNOWN: Included = { kind: "known" };

/** Finds the files that one text includes, directly or by way of others. Each counts once. */
export class Includes {
  readonly #options: IncludeOptions;
  /** Files that were found, by what they are told apart by: their path, or only their name. With the paths they may have. */
  readonly #found = new Map<string, readonly string[]>();
  /** Said once. */
  readonly #missing = new Set<string>();
  #characters = 0;

  constructor(options: IncludeOptions) {
    this.#options = options;
    if (options.fileName !== undefined) this.#found.set(options.fileName, [options.fileName]);
  }

  /** `within`: the paths of the files around the `include`, outermost first; none in the text itself. */
  find(wanted: string, within: readonly string[]): Included {
    const from = within.at(-1) ?? "";
    const beside = normalised(`${from.slice(0, from.lastIndexOf("/") + 1)}${wanted}`);
    const paths = [...new Set([beside, normalised(wanted)])];
    const { includes } = this.#options;
    return includes === undefined
      ? this.#placed(wanted, paths, within)
      : this.#named(includes, paths, within);
  }

  #placed(wanted: string, paths: readonly string[], within: readonly string[]): Included {
    const { include } = this.#options;
    for (const path of paths) {
      if (this.#found.has(path)) return this.#again(path, within);
      const text = include?.(path);
      if (text !== undefined) return this.#add(path, [path], text);
    }
    const no = paths[0] === wanted ? "there is no such file" : `there is no file \`${paths[0]}\``;
    const why = include === undefined ? "only one text was given to read" : no;
    return this.#absent(wanted, `\`${wanted}\` cannot be included: ${why}.`);
  }

  /** Two includes mean one file where they can have one path. */
  #named(
    includes: readonly IncludedFile[],
    paths: readonly string[],
    within: readonly string[],
  ): Included {
    const [path] = paths as [string];
    const name = fileNameOf(path);
    const earlier = this.#found.get(name);
    if (earlier !== undefined && !paths.some((p) => earlier.includes(p))) {
      const message = `\`${path}\` and \`${earlier[0]}\` are two files of one name, and here files are told apart by their names: give one another name.`;
      return { kind: "problem", code: "include-name", message };
    }
    if (earlier !== undefined) return this.#again(name, within);
    const file = includes.find((each) => each.name === name);
    if (file !== undefined) return this.#add(name, paths, file.text);
    const by = within.length === 0 ? "" : `, which \`${fileNameOf(within.at(-1)!)}\` includes,`;
    return this.#absent(
      name,
      `The file \`${name}\`${by} is not here: drop it on this window, now or together with the program.`,
    );
  }

  #add(key: string, paths: readonly string[], text: string): Included {
    this.#found.set(key, paths);
    this.#characters += text.length;
    if (this.#characters <= MAX_INCLUDED) return { kind: "text", path: paths[0]!, text };
    const message = `The included files have more than ${MAX_INCLUDED} characters together.`;
    return { kind: "problem", code: "include-size", message };
  }

  /** A file that was read already; one that is still being read includes itself. */
  #again(key: string, within: readonly string[]): Included {
    const keys = this.#options.includes === undefined ? within : within.map(fileNameOf);
    const { fileName } = this.#options;
    const open = fileName === undefined ? keys : [fileName, ...keys];
    if (!open.includes(key)) return KNOWN;
    const between = open.slice(open.indexOf(key) + 1).map((each) => `\`${fileNameOf(each)}\``);
    const how = between.length === 0 ? "" : ` by way of ${between.join(" and ")}`;
    const message = `\`${fileNameOf(key)}\` includes itself${how}. It counts once.`;
    return { kind: "problem", code: "include-cycle", severity: "warning", message };
  }

  #absent(name: string, message: string): Included {
    if (this.#missing.has(name)) return KNOWN;
    this.#missing.add(name);
    return { kind: "problem", code: "include", message };
  }
}

export function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function normalised(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}
