// oxlint-disable-next-line import/default -- it is Vite that gives it one: the address, which changes with what is built
import refereeUrl from "../../workers/verify.worker.ts?worker&url";
import { useClew } from "../store/clewStore.ts";
import { recentDocuments } from "../store/documentStorage.ts";
import { useCheck } from "./checkStore.ts";
import type { Checked } from "./checkStore.ts";

/** What checks have found of a document's programs, by the programs. */
interface KeptChecks {
  readonly id: string;
  /** The build of the referee that found it: another one may know better. */
  readonly referee: string;
  readonly results: Results;
}

type Results = ReadonlyMap<string, readonly Checked[]>;

const CHECKS = "checks";
/** So many pairs of programs of a document, the latest. */
const MOST = 60;

const database = new Promise<IDBDatabase>((resolve, reject) => {
  const request = indexedDB.open("clew/checks", 1);
  request.addEventListener("upgradeneeded", () =>
    request.result.createObjectStore(CHECKS, { keyPath: "id" }),
  );
  request.addEventListener("success", () => resolve(request.result));
  request.addEventListener("error", () => reject(request.error ?? new Error("It did not open.")));
});

/** Undefined where the browser keeps nothing: results then last as long as the page. */
async function inStore<T>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  try {
    const request = act((await database).transaction(CHECKS, mode).objectStore(CHECKS));
    return await new Promise<T>((resolve, reject) => {
      request.addEventListener("success", () => resolve(request.result));
      request.addEventListener("error", () => reject(request.error ?? new Error("No room.")));
    });
  } catch {
    return undefined;
  }
}

/** Beside what another page has found of the document meanwhile. */
function keep(id: string, found: Results): void {
  void inStore("readwrite", (store) => {
    const stored: IDBRequest<KeptChecks | undefined> = store.get(id);
    stored.addEventListener("success", () => {
      const kept = stored.result?.referee === refereeUrl ? stored.result.results : [];
      const others = [...kept].filter(([key]) => !found.has(key));
      store.put({ id, referee: refereeUrl, results: new Map([...others, ...found].slice(-MOST)) });
    });
    return stored;
  });
}

/** Of the document that is open. */
let own: { readonly id: string; results: Results } | undefined;

async function open(id: string): Promise<void> {
  const opened = { id, results: new Map<string, readonly Checked[]>() as Results };
  own = opened;
  await dropForgotten(id);
  const kept = await inStore<KeptChecks | undefined>("readonly", (store) => store.get(id));
  if (own !== opened || kept?.referee !== refereeUrl) return;
  // What was checked meanwhile is newer.
  opened.results = new Map([...kept.results, ...opened.results]);
  useCheck.setState(({ results }) => ({ results: new Map([...kept.results, ...results]) }));
}

/** Nothing is kept of documents that are not. */
async function dropForgotten(current: string): Promise<void> {
  const known = new Set([current, ...recentDocuments().map(({ id }) => id)]);
  const keys = (await inStore("readonly", (store) => store.getAllKeys())) ?? [];
  for (const key of keys) {
    if (!known.has(String(key))) await inStore("readwrite", (store) => store.delete(key));
  }
}

useCheck.subscribe(({ results }, before) => {
  if (own === undefined || results === before.results) return;
  const found = [...results].filter(([key, value]) => before.results.get(key) !== value);
  const changed = found.filter(([key, value]) => own?.results.get(key) !== value);
  if (changed.length === 0) return;
  const others = [...own.results].filter(([key]) => !changed.some(([other]) => other === key));
  own.results = new Map([...others, ...changed].slice(-MOST));
  keep(own.id, new Map(changed));
});

useClew.subscribe(({ document }) => {
  if (document !== undefined && document.id !== own?.id) void open(document.id);
});
const { document } = useClew.getState();
if (document !== undefined) void open(document.id);
