import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  createProtocolConnection,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  ShutdownRequest,
} from "vscode-languageserver/node";
import type { InitializeResult, ProtocolConnection } from "vscode-languageserver/node";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** A real client of the protocol, over the server's own pipes. */
export interface EditorClient {
  readonly connection: ProtocolConnection;
  readonly initialized: InitializeResult;
  /** The exit code; rejects nothing. */
  readonly ended: Promise<number | null>;
}

/** An editor that has a folder open. */
export async function startClient(
  folder: string,
  initializationOptions: object,
): Promise<EditorClient> {
  const server = spawn(process.execPath, [join(root, "src/cli/main.ts"), "lsp", "--stdio"], {
    cwd: folder,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise<number | null>((resolve) => server.on("exit", resolve));
  const connection = createProtocolConnection(server.stdout, server.stdin);
  connection.listen();
  const initialized = await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    initializationOptions,
    capabilities: {
      textDocument: {
        completion: { completionItem: { snippetSupport: true } },
        codeAction: { disabledSupport: true },
      },
    },
  });
  await connection.sendNotification(InitializedNotification.type, {});
  return { connection, initialized, ended };
}

/** Its exit code. */
export async function endClient({ connection, ended }: EditorClient): Promise<number | null> {
  await connection.sendRequest(ShutdownRequest.type);
  await connection.sendNotification(ExitNotification.type);
  const code = await ended;
  connection.dispose();
  return code;
}
