import type { ClewDocument } from "./clewDocument.ts";

/** A document that was open before, newest first. */
export interface RecentDocument {
  readonly id: string;
  readonly name: string;
}

const RECENT = "clew/recent";
const CURRENT = "clew/current";
const KEPT = 12;
const documentKey = (id: string): string => `clew/document/${id}`;

/**
 * Keeps a document in this browser, so that a reload or a crash loses nothing. A sentence when it could not be kept.
 * Every tab remembers its own current document; a new tab begins with the last one saved anywhere.
 */
export function keepDocument(document: ClewDocument): string | undefined {
  try {
    localStorage.setItem(documentKey(document.id), JSON.stringify(document));
    const recent = [
      { id: document.id, name: document.name },
      ...recentDocuments().filter((other) => other.id !== document.id),
    ];
    for (const dropped of recent.slice(KEPT)) localStorage.removeItem(documentKey(dropped.id));
    localStorage.setItem(RECENT, JSON.stringify(recent.slice(0, KEPT)));
    localStorage.setItem(CURRENT, document.id);
    sessionStorage.setItem(CURRENT, document.id);
    return undefined;
  } catch {
    return "This browser has no room left to keep the document. Save it to a file.";
  }
}

export function recentDocuments(): readonly RecentDocument[] {
  const list = readJson(RECENT);
  return Array.isArray(list) ? list.filter(isRecent) : [];
}

/** The document of this tab, or of the tab that saved last. */
export function currentDocument(): ClewDocument | undefined {
  try {
    const id = sessionStorage.getItem(CURRENT) ?? localStorage.getItem(CURRENT);
    return id === null ? undefined : keptDocument(id);
  } catch {
    return undefined;
  }
}

export function keptDocument(id: string): ClewDocument | undefined {
  const json = readJson(documentKey(id));
  return isDocument(json) ? json : undefined;
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

function isRecent(json: unknown): json is RecentDocument {
  return isRecord(json) && typeof json["id"] === "string" && typeof json["name"] === "string";
}

function isDocument(json: unknown): json is ClewDocument {
  if (!isRecord(json) || !isRecent(json) || typeof json["at"] !== "number") return false;
  const source: unknown = json["source"];
  return (
    isRecord(source) &&
    typeof source["text"] === "string" &&
    typeof source["fileName"] === "string" &&
    Array.isArray(source["steps"])
  );
}
