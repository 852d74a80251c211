const NAME = "clew";
const DOCUMENTS = "documents";

/** A document as a row: what was kept, and when. */
export interface KeptRow {
  readonly id: string;
  readonly savedAt: number;
  readonly document: unknown;
}

let opened: Promise<IDBDatabase> | undefined;

/** The browser's database, with room for what localStorage cannot hold. Rejects where the browser has none. */
function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.addEventListener("upgradeneeded", () =>
      request.result.createObjectStore(DOCUMENTS, { keyPath: "id" }),
    );
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () =>
      reject(request.error ?? new Error("The database did not open.")),
    );
  });
  // One that failed to open may open later: private windows, a full disk.
  opened.catch(() => (opened = undefined));
  return opened;
}

async function inStore<T>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const transaction = (await database()).transaction(DOCUMENTS, mode);
  const request = act(transaction.objectStore(DOCUMENTS));
  return new Promise((resolve, reject) => {
    transaction.addEventListener("complete", () => resolve(request.result));
    transaction.addEventListener("abort", () =>
      reject(transaction.error ?? new Error("There is no room left.")),
    );
  });
}

export function putRow(row: KeptRow): Promise<unknown> {
  return inStore("readwrite", (store) => store.put(row));
}

/** Undefined as well where the database cannot be read: then there is nothing to be had from it. */
export async function rowOf(id: string): Promise<KeptRow | undefined> {
  return inStore<KeptRow | undefined>("readonly", (store) => store.get(id)).catch(() => undefined);
}

export async function allRows(): Promise<readonly KeptRow[]> {
  return inStore<KeptRow[]>("readonly", (store) => store.getAll()).catch(() => []);
}

export async function deleteRow(id: string): Promise<void> {
  await inStore("readwrite", (store) => store.delete(id)).catch(() => undefined);
}
