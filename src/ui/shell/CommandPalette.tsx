import { useMantineColorScheme } from "@mantine/core";
import { useEffect, useMemo, useRef, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import { ClewModal } from "./ClewModal.tsx";
import { commands } from "./commands.ts";
import type { Command } from "./commands.ts";

/** Ctrl K: type a few letters of any words of a command, choose with arrows and Enter. */
export default function CommandPalette(): ReactNode {
  const chosen = useRef<Command>(undefined);
  return (
    <ClewModal title="Commands" bare width={560} closed={() => chosen.current?.run()}>
      {(close) => (
        <CommandList
          choose={(command) => {
            chosen.current = command;
            close();
          }}
        />
      )}
    </ClewModal>
  );
}

function CommandList({ choose }: { readonly choose: (command: Command) => void }): ReactNode {
  const { setColorScheme } = useMantineColorScheme();
  const all = useMemo(() => commands(setColorScheme), [setColorScheme]);
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const found = useMemo(() => all.filter((command) => matches(command, query)), [all, query]);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown") setActive(Math.min(active + 1, found.length - 1));
    else if (event.key === "ArrowUp") setActive(Math.max(active - 1, 0));
    else if (event.key === "Enter" && found[active] !== undefined) choose(found[active]);
    else return;
    event.preventDefault();
  };
  return (
    <div className="palette">
      <input
        className="palette-input"
        data-autofocus
        role="combobox"
        aria-label="Commands"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found.length > 0 ? `palette-${active}` : undefined}
        placeholder="Type a command"
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div
        className="palette-list"
        id="palette-list"
        role="listbox"
        aria-label="Commands"
        ref={list}
      >
        {found.map((command, index) => (
          <button
            // Two offers may have one title.
            key={all.indexOf(command)}
            id={`palette-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            onPointerMove={() => setActive(index)}
            onClick={() => choose(command)}
          >
            <span>{command.title}</span>
            {command.keys !== undefined && <kbd>{command.keys}</kbd>}
          </button>
        ))}
      </div>
      {found.length === 0 && <p className="palette-empty">No command has these words.</p>}
    </div>
  );
}

function matches(command: Command, query: string): boolean {
  const title = command.title.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => title.includes(word));
}
