import { timingSafeEqual } from "node:crypto";
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import type { Fact } from "../evaluator/nodeEngine.ts";
import { WireError, createFrameReader } from "./frameReader.ts";
import { createFrameCutter } from "./framing.ts";
import type { Hello, LinkFigures } from "./outgoingLink.ts";
import type { WireSchema } from "./wire.ts";

export interface IncomingLinks {
  /** Where it listens: assigned by the operating system when asked for 0. */
  readonly port: number;
  close(): void;
}

export interface Receiver {
  deliver(fact: Fact): void;
  /** After the rows of one chunk of the stream have all been delivered. */
  delivered(): void;
  /** A peer with the right secret sent what no writer makes. */
  malformed(from: string, message: string): void;
}

/** Acknowledge at the latest after so many bytes or so long: the sender keeps frames until then. */
const ACKNOWLEDGE_BYTES = 262_144;
const ACKNOWLEDGE_MS = 500;

/** What is known of one sender, over all its connections. */
interface Sender {
  taken: number;
  socket: Socket;
}

/** Listens on loopback for the links of every peer that knows the run's secret. */
export async function listenForLinks(
  schema: WireSchema,
  port: number,
  secret: string,
  figures: LinkFigures,
  receiver: Receiver,
): Promise<IncomingLinks> {
  const senders = new Map<string, Sender>();
  const server = createServer({ noDelay: true }, (socket) =>
    receive(socket, schema, secret, figures, receiver, senders),
  );
  await listening(server, port);
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      for (const sender of senders.values()) sender.socket.destroy();
    },
  };
}

/** A planned port that cannot be had: the plan's fault or the machine's, not ours. */
export class PortError extends Error {}

const PORT_REFUSALS: Readonly<Record<string, string>> = {
  EADDRINUSE: "is in use",
  EACCES: "may not be used by this account",
};

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = PORT_REFUSALS[error.code ?? ""];
      reject(why === undefined ? error : new PortError(`port ${port} ${why}`, { cause: error }));
    });
    server.listen({ host: "127.0.0.1", port }, resolve);
  });
}

function receive(
  socket: Socket,
  schema: WireSchema,
  secret: string,
  figures: LinkFigures,
  receiver: Receiver,
  senders: Map<string, Sender>,
): void {
  const read = createFrameReader(schema);
  let sender: Sender | undefined;
  let from = "";
  let owedBytes = 0;
  let timer: NodeJS.Timeout | undefined;

  const deliver = (fact: Fact): void => {
    figures.rowsIn++;
    receiver.deliver(fact);
  };

  function acknowledge(): void {
    clearTimeout(timer);
    timer = undefined;
    owedBytes = 0;
    if (sender !== undefined && !socket.destroyed) socket.write(countFrame(sender.taken));
  }

  const cut = createFrameCutter((buffer, start, end) => {
    if (sender === undefined) {
      const hello = readHello(buffer, start, end, secret);
      from = hello.from;
      senders.get(from)?.socket.destroy();
      sender = { taken: senders.get(from)?.taken ?? 0, socket };
      senders.set(from, sender);
      acknowledge();
      return;
    }
    read(buffer, start, end, deliver);
    sender.taken++;
    figures.messagesIn++;
    owedBytes += end - start;
  });

  socket.on("data", (chunk: Buffer) => {
    try {
      cut(chunk);
    } catch (error) {
      socket.destroy();
      if (!(error instanceof WireError)) throw error;
      if (sender !== undefined) receiver.malformed(from, error.message);
      return;
    }
    receiver.delivered();
    if (owedBytes >= ACKNOWLEDGE_BYTES) acknowledge();
    else if (owedBytes > 0) timer ??= setTimeout(acknowledge, ACKNOWLEDGE_MS);
  });
  socket.on("error", () => socket.destroy());
  socket.on("close", () => clearTimeout(timer));
}

/** Throws WireError unless the peer knows the secret. */
function readHello(buffer: Buffer, start: number, end: number, secret: string): Hello {
  const wrong = new WireError("a connection did not know the run's secret");
  let hello: Partial<Hello>;
  try {
    hello = JSON.parse(buffer.toString("utf8", start, end)) as Partial<Hello>;
  } catch {
    throw wrong;
  }
  if (typeof hello?.secret !== "string" || typeof hello.from !== "string") throw wrong;
  const given = Buffer.from(hello.secret);
  const known = Buffer.from(secret);
  if (given.length !== known.length || !timingSafeEqual(given, known)) throw wrong;
  return { secret: hello.secret, from: hello.from };
}

function countFrame(count: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUIntLE(count, 0, 6);
  return bytes;
}
