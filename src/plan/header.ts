import type { FileProblem } from "./schema.ts";

/**
 * What is wrong with a file's `format` and `version`, before anything else is looked at: the wrong kind of file
 * and a version newer than this Clew reads are said as such (files.md).
 */
export function headerProblem(
  json: unknown,
  kind: string,
  version: number,
): FileProblem | undefined {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return {
      pointer: "",
      message: `This is no ${kind} file: expected a JSON object with "format": "clew/${kind}".`,
    };
  }
  const header: { readonly format?: unknown; readonly version?: unknown } = json;
  if (header.format !== `clew/${kind}`) {
    const found = header.format === undefined ? "no format" : JSON.stringify(header.format);
    return { pointer: "/format", message: `Found ${found}, expected "clew/${kind}".` };
  }
  if (typeof header.version === "number" && header.version > version) {
    return {
      pointer: "/version",
      message: `This file has version ${header.version} of the ${kind} format; this Clew reads versions up to ${version}.`,
    };
  }
  return undefined;
}
