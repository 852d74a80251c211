import { WireError } from "./frameReader.ts";
import { MAX_FRAME_BYTES } from "./wire.ts";

/**
 * Cuts a byte stream into frames. The callback gets a buffer and where the frame's body starts and ends in it;
 * the bytes are only its own during the call. Throws WireError for a frame longer than any writer makes.
 */
export function createFrameCutter(
  onFrame: (buffer: Buffer, start: number, end: number) => void,
): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let held = 0;
  /** Bytes needed before looking again: the length, then the whole frame. */
  let needed = 4;

  return (chunk) => {
    held += chunk.length;
    if (held < needed) {
      parts.push(chunk);
      return;
    }
    const buffer = parts.length === 0 ? chunk : Buffer.concat([...parts, chunk], held);
    let at = 0;
    needed = 4;
    while (buffer.length - at >= 4) {
      const length = buffer.readUInt32LE(at);
      if (length > MAX_FRAME_BYTES) throw new WireError(`a frame claims ${length} bytes`);
      if (buffer.length - at < 4 + length) {
        needed = 4 + length;
        break;
      }
      onFrame(buffer, at + 4, at + 4 + length);
      at += 4 + length;
    }
    held = buffer.length - at;
    parts = held === 0 ? [] : [buffer.subarray(at)];
  };
}
