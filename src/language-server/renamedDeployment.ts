import type { Deployment } from "../program/deployment.ts";
import type { Renames, TextChange } from "./renames.ts";

/** Where a name stands in a deployment: the fields from the root, the last one being the name itself if it is a field. */
type Path = readonly string[];

/** A deployment under new names. A deployment file has the same fields, so that it may be given too. */
export function renamedDeployment(deployment: Deployment, renames: Renames): Deployment {
  return walk(deployment, [], renames, deployment.clients.input) as Deployment;
}

function walk(value: unknown, path: Path, renames: Renames, input: string): unknown {
  if (typeof value === "string") return renamedWord(path, false, value, renames, input);
  if (holdsRows(path) || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    return value.map((each: unknown, i) => walk(each, [...path, String(i)], renames, input));
  }
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]) => {
      const at = [...path, field];
      return [renamedWord(at, true, field, renames, input), walk(inner, at, renames, input)];
    }),
  );
}

/** Contents are data, not names. */
function holdsRows([root, ...rest]: Path): boolean {
  return (root === "edb" && rest.length === 1) || (root === "node" && rest.length === 2);
}

/** The changes that give a deployment file new names and leave its layout alone; none in what is no deployment file. */
export function deploymentChanges(text: string, renames: Renames): readonly TextChange[] {
  const input = inputOf(text);
  return jsonWords(text).flatMap(({ path, isField, word, start, end }): readonly TextChange[] => {
    const to = renamedWord(path, isField, word, renames, input);
    return to === word ? [] : [{ span: { start, end }, text: JSON.stringify(to) }];
  });
}

function inputOf(text: string): string {
  try {
    const json = JSON.parse(text) as { readonly clients?: { readonly input?: unknown } } | null;
    return typeof json?.clients?.input === "string" ? json.clients.input : "";
  } catch {
    return "";
  }
}

/** What a word of a deployment becomes; `path` ends in it when it is a field. */
function renamedWord(
  path: Path,
  isField: boolean,
  word: string,
  renames: Renames,
  input: string,
): string {
  const relation = (): string => (renames.relation?.from === word ? renames.relation.to : word);
  const attribute = (of: string): string => renames.attributes.get(of)?.get(word) ?? word;
  const [root, second, third] = path;
  const depth = path.length;
  switch (root) {
    case "edb":
      return isField && depth === 2 ? relation() : word;
    case "node":
      return isField && depth === 3 ? relation() : word;
    case "instances":
    case "trusted":
    case "partitions":
      return isField && depth === 2 && renames.component?.from === word
        ? renames.component.to
        : word;
    case "clients":
      break;
    default:
      return word;
  }
  switch (second) {
    case "input":
      return isField ? word : relation();
    case "answers":
      return isField ? word : relation();
    case "template":
      return isField && depth === 3 ? attribute(input) : word;
    case "match":
      if (isField && depth === 3) return relation();
      if (isField && depth === 4) return attribute(third ?? "");
      return !isField && depth === 4 ? attribute(input) : word;
    default:
      return word;
  }
}

interface JsonWord {
  readonly path: Path;
  readonly isField: boolean;
  readonly word: string;
  /** With its quotes. */
  readonly start: number;
  readonly end: number;
}

/** Every string of a JSON text with its path; of a text that is no JSON whatever looks like one. */
function jsonWords(text: string): readonly JsonWord[] {
  const words: JsonWord[] = [];
  const path: string[] = [];
  /** One for each open bracket; an array counts its elements. */
  const open: ("object" | { index: number })[] = [];
  let awaitsField = false;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g)) {
    const inside = open.at(-1);
    switch (token) {
      case "{":
        open.push("object");
        path.push("");
        awaitsField = true;
        break;
      case "[":
        open.push({ index: 0 });
        path.push("0");
        awaitsField = false;
        break;
      case "}":
      case "]":
        open.pop();
        path.pop();
        awaitsField = false;
        break;
      case ",":
        if (inside === "object") awaitsField = true;
        else if (inside !== undefined) path[path.length - 1] = String(++inside.index);
        break;
      case ":":
        awaitsField = false;
        break;
      default: {
        const word = readWord(token);
        if (awaitsField) path[path.length - 1] = word;
        const at = { start: index, end: index + token.length };
        words.push({ path: [...path], isField: awaitsField, word, ...at });
      }
    }
  }
  return words;
}

function readWord(token: string): string {
  try {
    return JSON.parse(token) as string;
  } catch {
    return token.slice(1, -1);
  }
}
