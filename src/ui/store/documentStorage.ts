import type { DocumentSource } from "../../workers/workspaceApi.ts";
import type { ClewDocument, ChosenIn } from "./clewDocument.ts";
import { allRows, deleteRow, putRow, rowOf } from "./documentDatabase.ts";

/** A document that was open before, newest first. */
export interface RecentDocument {
  readonly id: string;
  readonly name: string;
  /** When it was open last; 0 where that was not noted. */
  readonly savedAt: number;
}

const RECENT = "clew/recent";
const CURRENT = "clew/current";
const KEPT = 40;
const documentKey = (id: string): string => `clew/document/${id}`;

/** Documents that live in the database, as far as this page knows: those have to be removed there. */
const inDatabase = new Set<string>();

/**
 * Keeps a document in this browser, so that a reload or a crash loses nothing: in localStorage, which is done at once
 * even while the page goes away, or in the database when that is full. A sentence when neither has room.
 * Every tab remembers its own current document; a new tab begins with the last one saved anywhere.
 */
export function keepDocument(document: ClewDocument): Promise<string | undefined> {
  return keep(document, true);
}

/** Keeps a document that is not the tab's current one: a reload opens another. */
export function keepAside(document: ClewDocument): Promise<string | undefined> {
  return keep(document, false);
}

async function keep(document: ClewDocument, isCurrent: boolean): Promise<string | undefined> {
  const savedAt = Date.now();
  if (writeText(documentKey(document.id), JSON.stringify({ ...document, savedAt }))) {
    if (inDatabase.delete(document.id)) void deleteRow(document.id);
  } else {
    try {
      inDatabase.add(document.id);
      await putRow({ id: document.id, savedAt, document });
      // The older copy makes room for the lists below.
      localStorage.removeItem(documentKey(document.id));
    } catch {
      return "This browser has no room left to keep the document. Save it to a file.";
    }
  }
  listAsRecent({ id: document.id, name: document.name, savedAt });
  if (isCurrent) rememberCurrent(document.id);
  return undefined;
}

function rememberCurrent(id: string): void {
  writeText(CURRENT, id);
  try {
    sessionStorage.setItem(CURRENT, id);
  } catch {
    // The tab then begins with the last one saved anywhere.
  }
}

/** Takes a document out of this browser, and hands it over in case it is wanted back. */
export async function forgetDocument(id: string): Promise<ClewDocument | undefined> {
  const document = await keptDocument(id);
  const others = recentDocuments().filter((other) => other.id !== id);
  writeText(RECENT, JSON.stringify(others));
  localStorage.removeItem(documentKey(id));
  inDatabase.delete(id);
  await deleteRow(id);
  return document;
}

function listAsRecent(document: RecentDocument): void {
  const recent = [document, ...recentDocuments().filter((other) => other.id !== document.id)];
  for (const dropped of recent.slice(KEPT)) {
    localStorage.removeItem(documentKey(dropped.id));
    void deleteRow(dropped.id);
  }
  writeText(RECENT, JSON.stringify(recent.slice(0, KEPT)));
}

export function recentDocuments(): readonly RecentDocument[] {
  const list = readJson(RECENT);
  if (!Array.isArray(list)) return [];
  return list.filter(isNamed).map(({ id, name, savedAt }): RecentDocument => ({
    id,
    name,
    savedAt: typeof savedAt === "number" ? savedAt : 0,
  }));
}

/** The document of this tab, or of the tab that saved last. */
export async function currentDocument(): Promise<ClewDocument | undefined> {
  const id = currentId();
  const known = id === undefined ? undefined : await keptDocument(id);
  if (known !== undefined) return known;
  // With no room for even an id: the last one that the database got.
  const rows = (await allRows()).toSorted((a, b) => b.savedAt - a.savedAt);
  return rows.map(({ document }) => documentOf(document)).find((each) => each !== undefined);
}

function currentId(): string | undefined {
  try {
    return sessionStorage.getItem(CURRENT) ?? localStorage.getItem(CURRENT) ?? undefined;
  } catch {
    return undefined;
  }
}

/** The newer of what localStorage and the database have under an id. */
export async function keptDocument(id: string): Promise<ClewDocument | undefined> {
  const row = await rowOf(id);
  if (row !== undefined) inDatabase.add(id);
  const json = readJson(documentKey(id));
  const savedAt = isRecord(json) && typeof json["savedAt"] === "number" ? json["savedAt"] : 0;
  const here = documentOf(json);
  if (row === undefined || (here !== undefined && savedAt > row.savedAt)) return here;
  return documentOf(row.document) ?? here;
}

/** False when there is no room, or no storage. */
function writeText(key: string, text: string): boolean {
  try {
    localStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

function readJson(key: string): unknown {
  try {
    const text = localStorage.getItem(key);
    return text === null ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

function isRecord(json: unknown): json is Record<string, unknown> {
  return typeof json === "object" && json !== null;
}

function isNamed(
  json: unknown,
): json is Record<string, unknown> & { readonly id: string; readonly name: string } {
  return isRecord(json) && typeof json["id"] === "string" && typeof json["name"] === "string";
}

function documentOf(json: unknown): ClewDocument | undefined {
  if (!isDocument(json)) return undefined;
  const { id, name, source, at } = json;
  return { id, name, source, at, chosenIn: chosenInOf(json.chosenIn) };
}

function chosenInOf(json: unknown): ChosenIn | undefined {
  if (!isRecord(json) || !isSource(json["source"]) || !Array.isArray(json["was"])) return undefined;
  // JSON has no undefined: a step that was not there came back as null.
  const was = json["was"].map((index: unknown) => (typeof index === "number" ? index : undefined));
  return { source: json["source"], was };
}

function isDocument(json: unknown): json is ClewDocument {
  if (!isNamed(json) || typeof json["at"] !== "number") return false;
  return isSource(json["source"]);
}

function isSource(source: unknown): source is DocumentSource {
  return (
    isRecord(source) &&
    typeof source["text"] === "string" &&
    typeof source["fileName"] === "string" &&
    (source["includes"] === undefined || areFiles(source["includes"])) &&
    Array.isArray(source["steps"])
  );
}

function areFiles(includes: unknown): boolean {
  return (
    Array.isArray(includes) &&
    includes.every(
      (file: unknown) =>
        isRecord(file) && typeof file["name"] === "string" && typeof file["text"] === "string",
    )
  );
}
