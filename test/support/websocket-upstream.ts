import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

const accept = (key: string): string =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');

/** Takes part in a WebSocket and sends every message back, as it came (RFC 6455). Masks are taken off. */
export function echoFrames(request: IncomingMessage, socket: Socket): void {
  const key = request.headers['sec-websocket-key'] ?? '';
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept(key)}\r\n\r\n`,
  );
  let bytes = Buffer.alloc(0);
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    for (let frame = readFrame(bytes); frame !== undefined; frame = readFrame(bytes)) {
      bytes = bytes.subarray(frame.length);
      socket.write(Buffer.concat([Buffer.from([frame.first]), frame.lengthField, frame.payload]));
      const isClose = (frame.first & 0x0f) === 8;
      if (isClose) socket.end();
    }
  });
}

interface Frame {
  readonly first: number;
  /** Without the bit that says that there is a mask. */
  readonly lengthField: Buffer;
  readonly payload: Buffer;
  /** Of the whole frame. */
  readonly length: number;
}

/** Undefined while it has not come in full. */
function readFrame(bytes: Buffer): Frame | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes.readUInt8(1) & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  const start = 2 + extended + 4;
  if (bytes.length < start) return undefined;
  const size = extended === 2 ? bytes.readUInt16BE(2) : extended === 8 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (bytes.length < start + size) return undefined;
  const mask = bytes.subarray(start - 4, start);
  const payload = bytes.subarray(start, start + size).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  const lengthField = Buffer.from(bytes.subarray(1, 2 + extended));
  lengthField.writeUInt8(short, 0);
  return { first: bytes.readUInt8(0), lengthField, payload: Buffer.from(payload), length: start + size };
}
