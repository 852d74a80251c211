import { Menu } from "@mantine/core";
import { useRef, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import type { ClewDocument } from "../store/clewDocument.ts";
import { useClew } from "../store/clewStore.ts";
import { forgetDocument, keepAside, recentDocuments } from "../store/documentStorage.ts";
import type { RecentDocument } from "../store/documentStorage.ts";
import { openRecent } from "./openRecent.ts";
import { whenWords } from "./whenWords.ts";
import "./recent.css";

/** So many stand in the menu itself; those before them behind "Earlier". */
const AT_HAND = 4;

/** What was open before, the last one first: opened again, or taken out of this browser and put back. */
export function RecentDocuments({
  currentId,
}: {
  readonly currentId: string | undefined;
}): ReactNode {
  // As it was when the menu opened: what is removed keeps its place until the menu closes.
  const [{ recent, now }] = useState(() => ({
    recent: recentDocuments().filter(({ id }) => id !== currentId),
    now: Date.now(),
  }));
  if (recent.length === 0) return null;
  const rows = recent.map((each) => <RecentRow key={each.id} recent={each} now={now} />);
  return (
    <>
      <Menu.Label>Recent, kept in this browser</Menu.Label>
      {rows.slice(0, AT_HAND)}
      {rows.length > AT_HAND && (
        <Menu.Sub openDelay={120} closeDelay={150}>
          <Menu.Sub.Target>
            <Menu.Sub.Item>Earlier</Menu.Sub.Item>
          </Menu.Sub.Target>
          <Menu.Sub.Dropdown className="recent-earlier">{rows.slice(AT_HAND)}</Menu.Sub.Dropdown>
        </Menu.Sub>
      )}
    </>
  );
}

function RecentRow({
  recent: { id, name, savedAt },
  now,
}: {
  readonly recent: RecentDocument;
  readonly now: number;
}): ReactNode {
  const [removed, setRemoved] = useState<{ readonly document: ClewDocument | undefined }>();
  const first = useRef<HTMLButtonElement>(null);
  const announce = useClew((state) => state.announce);
  const report = useClew((state) => state.report);
  const remove = async (): Promise<void> => {
    // The button that was pressed goes away.
    first.current?.focus();
    setRemoved({ document: await forgetDocument(id) });
    announce(`${name} was removed from this browser.`);
  };
  const putBack = async (document: ClewDocument): Promise<void> => {
    const problem = await keepAside(document);
    if (problem !== undefined) return report(problem);
    setRemoved(undefined);
    announce(`${name} was put back.`);
  };
  // It had gone already, with its place in the list.
  if (removed !== undefined && removed.document === undefined) return null;
  const document = removed?.document;
  const removeByKey = ({ key }: KeyboardEvent): void => {
    if (key === "Delete" && document === undefined) void remove();
  };
  const when = <span className="recent-when">{whenWords(savedAt, now)}</span>;
  return (
    <div className="recent-row" role="none">
      <Menu.Item
        ref={first}
        closeMenuOnClick={document === undefined}
        rightSection={document === undefined && when}
        onClick={() => void (document === undefined ? openRecent(id) : putBack(document))}
        onKeyDown={removeByKey}
      >
        {document === undefined ? name : `Put back ${name}`}
      </Menu.Item>
      {document === undefined && (
        <Menu.Item
          className="recent-remove"
          aria-label={`Remove ${name} from this browser`}
          title="Remove from this browser (Delete)"
          closeMenuOnClick={false}
          onClick={() => void remove()}
        >
          <span aria-hidden="true">×</span>
        </Menu.Item>
      )}
    </div>
  );
}
