import { useClew } from "../store/clewStore.ts";
import { keptDocument } from "../store/documentStorage.ts";

export async function openRecent(id: string): Promise<void> {
  const { openDocument, report } = useClew.getState();
  const document = await keptDocument(id);
  if (document === undefined) report("That document is no longer kept in this browser.");
  else openDocument(document);
}
