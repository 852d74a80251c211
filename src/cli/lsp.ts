import { Command } from "commander";

/** `clew lsp`: the language server for any editor, on standard input and output. */
export function lspCommand(version: string): Command {
  return (
    new Command("lsp")
      .description("Serve editors the language: the Language Server Protocol on stdin and stdout.")
      .option("--stdio", "what it does anyway; editors like to say so")
      // Editors add what their client library knows: --clientProcessId=123.
      .allowUnknownOption()
      .addHelpText("after", "\nHow to set up VS Code and Neovim: docs/language-server.md")
      .action(async () => {
        // Other commands need none of it.
        const { serveEditor } = await import("./serveEditor.ts");
        serveEditor(version);
      })
  );
}
