import { Menu } from "@mantine/core";
// What several screens share is layered, so that it comes below the rest in whatever order the parts are loaded.
import "@mantine/core/styles/UnstyledButton.layer.css";
import "@mantine/core/styles/Popover.layer.css";
import "@mantine/core/styles/Menu.css";
import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { useClew } from "../store/clewStore.ts";
import { baseView } from "../store/selectors.ts";
import type { Dialect } from "../../workers/workspaceApi.ts";
import { convertBase } from "./convertBase.ts";
import { EXAMPLE_GROUPS } from "./examples.ts";
import type { ExampleGroup } from "./examples.ts";
import { DIALECTS, NOTATIONS } from "./notations.ts";
import { openExample } from "./openDocuments.ts";
import { pickFile } from "./openFiles.ts";
import { openNew } from "./openNew.ts";
import { RecentDocuments } from "./RecentDocuments.tsx";
import { saveDocument, saveIn } from "./saveDocument.ts";

/** The open menu; loaded when the name is first pointed at or pressed. */
export default function DocumentMenuList({
  name,
  currentId,
  rename,
}: {
  readonly name: string;
  readonly currentId: string | undefined;
  readonly rename: () => void;
}): ReactNode {
  // Opened after it is there and has the focus, so that it can give that back.
  const [opened, setOpened] = useState(false);
  const target = useRef<HTMLButtonElement>(null);
  const wasOpened = useRef(false);
  const written = useClew((state) => baseView(state)?.dialect);
  const openOnce = (): void => {
    if (!wasOpened.current) setOpened(true);
    wasOpened.current = true;
  };
  useEffect(() => target.current?.focus(), []);
  // Whoever chooses Rename types at once.
  useEffect(() => void import("./DocumentNameInput.tsx"), []);
  return (
    <Menu
      opened={opened}
      onChange={setOpened}
      position="bottom-start"
      width={280}
      trapFocus
      returnFocus
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <button className="document-name" ref={target} onFocus={openOnce}>
          {name} <span aria-hidden="true">▾</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown className="document-menu">
        <Menu.Label>Examples</Menu.Label>
        {EXAMPLE_GROUPS.map((group, index) => (
          <Examples key={group.title ?? ""} group={group} first={index === 0} />
        ))}
        <RecentDocuments currentId={currentId} />
        <Menu.Divider />
        <Menu.Item onClick={openNew}>New</Menu.Item>
        <Menu.Item onClick={pickFile}>Open a file…</Menu.Item>
        <Menu.Item onClick={rename}>Rename</Menu.Item>
        <Notations
          title="Convert the base to a notation"
          except={written}
          chosen={(to) => void convertBase(to)}
        />
        <Menu.Divider />
        <Menu.Item onClick={() => void saveDocument("program")}>Save the base program</Menu.Item>
        <Menu.Item onClick={() => void saveDocument("shown")}>Save the program shown</Menu.Item>
        <Notations title="Save it in a notation" chosen={(to) => void saveIn(to)} />
        <Menu.Item onClick={() => void saveDocument("derivation")}>Save the derivation</Menu.Item>
        <Menu.Item onClick={() => void saveDocument("deployment")}>Save the deployment</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Notations({
  title,
  except,
  chosen,
}: {
  readonly title: string;
  readonly except?: Dialect | undefined;
  readonly chosen: (to: Dialect) => void;
}): ReactNode {
  return (
    <Menu.Sub openDelay={120} closeDelay={150} floatingStrategy="fixed">
      <Menu.Sub.Target>
        <Menu.Sub.Item>{title}</Menu.Sub.Item>
      </Menu.Sub.Target>
      <Menu.Sub.Dropdown>
        {DIALECTS.filter((dialect) => dialect !== except).map((dialect) => (
          <Menu.Item key={dialect} onClick={() => chosen(dialect)}>
            {NOTATIONS[dialect]}
          </Menu.Item>
        ))}
      </Menu.Sub.Dropdown>
    </Menu.Sub>
  );
}

function Examples({
  group: { title, examples },
  first,
}: {
  readonly group: ExampleGroup;
  readonly first: boolean;
}): ReactNode {
  const items = examples.map((example, index) => (
    <Menu.Item
      key={example.name}
      {...(first && index === 0 ? { "data-autofocus": true } : {})}
      onClick={() => void openExample(example)}
    >
      {example.name}
    </Menu.Item>
  ));
  if (title === undefined) return <>{items}</>;
  return (
    <Menu.Sub openDelay={120} closeDelay={150} floatingStrategy="fixed">
      <Menu.Sub.Target>
        <Menu.Sub.Item>{title}</Menu.Sub.Item>
      </Menu.Sub.Target>
      <Menu.Sub.Dropdown>{items}</Menu.Sub.Dropdown>
    </Menu.Sub>
  );
}
