import { useMantineColorScheme } from "@mantine/core";
import type { KeyboardEvent, ReactNode } from "react";
import { Logo } from "../icons/Logo.tsx";
import { useClew } from "../store/clewStore.ts";
import { MODES } from "../store/layoutSlice.ts";
import { DocumentMenu } from "./DocumentMenu.tsx";

/** 44 px: where you are, the modes, and what is always at hand. */
export function TopBar(): ReactNode {
  const openDialog = useClew((state) => state.openDialog);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const next = { auto: "light", light: "dark", dark: "auto" } as const;
  return (
    <header className="top-bar">
      <div className="top-bar-start">
        <Logo />
        <h1 className="brand">Clew</h1>
        <span className="slash" aria-hidden="true">
          /
        </span>
        <DocumentMenu />
      </div>
      <ModeTabs />
      <div className="top-bar-end">
        <button className="button commands-button" onClick={() => openDialog("commands")}>
          <SearchIcon />
          <span className="wide-label">Commands</span>
          <kbd className="wide-only">Ctrl K</kbd>
        </button>
        <button
          className="icon-button"
          aria-label={`Colour scheme: ${colorScheme === "auto" ? "as the system" : colorScheme}`}
          title={`Colour scheme: ${colorScheme === "auto" ? "as the system" : colorScheme}`}
          onClick={() => setColorScheme(next[colorScheme])}
        >
          <ContrastIcon />
        </button>
        <button
          className="icon-button"
          aria-label="Keys and help"
          onClick={() => openDialog("keys")}
        >
          <b>?</b>
        </button>
      </div>
    </header>
  );
}

/** The tabs take one stop of Tab; arrows go between them. */
function ModeTabs(): ReactNode {
  const mode = useClew((state) => state.mode);
  const setMode = useClew((state) => state.setMode);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    const index = MODES.findIndex((entry) => entry.mode === mode);
    const to = MODES[(index + step + MODES.length) % MODES.length];
    if (to === undefined) return;
    setMode(to.mode);
    document.getElementById(`tab-${to.mode}`)?.focus();
  };
  return (
    <div className="mode-tabs" role="tablist" aria-label="Mode" tabIndex={-1} onKeyDown={onKeyDown}>
      {MODES.map((entry) => (
        <button
          key={entry.mode}
          id={`tab-${entry.mode}`}
          role="tab"
          aria-selected={entry.mode === mode}
          aria-controls={entry.mode === mode ? `mode-${entry.mode}` : undefined}
          tabIndex={entry.mode === mode ? 0 : -1}
          onClick={() => setMode(entry.mode)}
        >
          {entry.title}
        </button>
      ))}
    </div>
  );
}

function SearchIcon(): ReactNode {
  return (
    <svg
      width="14"
      height="14"
      viewBox="0 0 14 14"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.500"
      aria-hidden="true"
    >
      <circle cx="6" cy="6" r="4.300" />
      <path d="M9.300 9.300l3.500 3.500" strokeLinecap="round" />
    </svg>
  );
}

function ContrastIcon(): ReactNode {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="1.500" />
      <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />
    </svg>
  );
}
