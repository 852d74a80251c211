import { connect } from "node:net";
import type { Socket } from "node:net";
import type { Row } from "../program/value.ts";
import { createFrameWriter } from "./frameWriter.ts";
import { FRAME_BYTES } from "./wire.ts";
import type { WireSchema } from "./wire.ts";

/** Rows to one peer. Nothing is lost while both processes live: what is not acknowledged is sent again after a reconnect. */
export interface OutgoingLink {
  add(relation: string, row: Row): void;
  /** Hands what was added to the network. */
  flush(): void;
  close(): void;
}

export interface LinkFigures {
  messagesIn: number;
  messagesOut: number;
  rowsIn: number;
  rowsOut: number;
}

/** How a sender makes itself known: the first thing on a connection, as one JSON frame. */
export interface Hello {
  readonly secret: string;
  readonly from: string;
}

const FIRST_RETRY_MS = 10;
const LONGEST_RETRY_MS = 1000;

export function createOutgoingLink(
  schema: WireSchema,
  port: number,
  hello: Hello,
  figures: LinkFigures,
): OutgoingLink {
  const writer = createFrameWriter(schema);
  /** Frames not yet acknowledged; the first is number `acknowledged`, counted over the link's whole life. */
  let unacknowledged: Buffer[] = [];
  let acknowledged = 0;
  let socket: Socket | undefined;
  let ready = false;
  let closed = false;
  let retryMs = FIRST_RETRY_MS;
  let retry: NodeJS.Timeout | undefined;

  function open(): void {
    const opened = connect({ host: "127.0.0.1", port, noDelay: true });
    socket = opened;
    opened.write(helloFrame(hello));
    readCounts(opened, (count) => {
      acknowledge(count);
      if (ready) return;
      ready = true;
      retryMs = FIRST_RETRY_MS;
      for (const frame of unacknowledged) opened.write(frame);
    });
    opened.on("error", () => opened.destroy());
    opened.on("close", () => {
      socket = undefined;
      ready = false;
      if (closed) return;
      retry = setTimeout(open, retryMs);
      retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS);
    });
  }

  function acknowledge(count: number): void {
    unacknowledged = unacknowledged.slice(Math.max(0, count - acknowledged));
    acknowledged = Math.max(acknowledged, count);
  }

  function finishFrame(): void {
    const frame = writer.take();
    figures.messagesOut++;
    unacknowledged.push(frame);
    if (ready) socket?.write(frame);
  }

  open();
  return {
    add(relation, row) {
      writer.add(relation, row);
      figures.rowsOut++;
      if (writer.size() >= FRAME_BYTES) finishFrame();
    },
    flush() {
      if (writer.size() > 0) finishFrame();
    },
    close() {
      closed = true;
      clearTimeout(retry);
      socket?.destroy();
    },
  };
}

function helloFrame(hello: Hello): Buffer {
  const body = Buffer.from(JSON.stringify(hello), "utf8");
  const head = Buffer.alloc(4);
  head.writeUInt32LE(body.length);
  return Buffer.concat([head, body]);
}

/** The receiver says how many frames it has taken, as 6-byte little-endian numbers. */
function readCounts(socket: Socket, onCount: (count: number) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const whole = bytes.length - (bytes.length % 6);
    for (let at = 0; at < whole; at += 6) onCount(bytes.readUIntLE(at, 6));
    rest = bytes.subarray(whole);
  });
}
