import { MantineProvider, createTheme } from "@mantine/core";
import type { CSSVariablesResolver } from "@mantine/core";
import "@mantine/core/styles/baseline.css";
import "@mantine/core/styles/default-css-variables.css";
import "@mantine/core/styles/global.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Clew } from "./Clew.tsx";
import { startLayout } from "./dataflow/layoutClient.ts";
import { workspace } from "./store/workspaceClient.ts";
import "./tokens.css";
import "./shell/shell.css";
import "./shell/controls.css";

// Both are needed for the first picture, and load while the page draws itself.
workspace();
startLayout();

const theme = createTheme({
  fontFamily: "var(--sans)",
  fontFamilyMonospace: "var(--mono)",
  fontSizes: { xs: "11px", sm: "12px", md: "13px", lg: "14px", xl: "16px" },
  defaultRadius: 6,
  cursorType: "pointer",
  respectReducedMotion: true,
});

/** Mantine draws with our tokens, which change with the colour scheme by themselves. */
const variables: CSSVariablesResolver = () => {
  const ours = {
    "--mantine-color-body": "var(--surface)",
    "--mantine-color-text": "var(--ink)",
    "--mantine-color-dimmed": "var(--ink3)",
    "--mantine-color-default": "var(--surface)",
    "--mantine-color-default-hover": "var(--sunk)",
    "--mantine-color-default-border": "var(--line)",
    "--mantine-primary-color-filled": "var(--accent)",
  };
  return { variables: {}, light: ours, dark: ours };
};

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <Clew />
    </MantineProvider>
  </StrictMode>,
);
