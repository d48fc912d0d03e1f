import { connect, type Socket } from 'node:net';

export type Field = readonly [name: string, value: string];

export const frameType = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, goAway: 7, continuation: 9 } as const;
export const endStream = 0x1;
export const endHeaders = 0x4;

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

export function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Fields as they are, whatever is in them: no table, no Huffman code (RFC 7541 §6.2.2). */
export const fieldBlock = (fields: readonly Field[]): Buffer =>
  Buffer.concat(fields.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]));

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  const length = [127];
  let left = bytes.length - 127;
  for (; left >= 128; left >>= 7) length.push((left & 127) | 128);
  return Buffer.concat([Buffer.from([...length, left]), bytes]);
}

/** A client of HTTP/2 that sends what it is told to, right or wrong. */
export class RawHttp2 {
  private received = Buffer.alloc(0);
  readonly closed: Promise<void>;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => (this.received = Buffer.concat([this.received, chunk])));
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
  }

  static open(port: number): RawHttp2 {
    const client = new RawHttp2(connect(port, '127.0.0.1'));
    client.send(preface, frame(frameType.settings, 0, 0));
    return client;
  }

  send(...frames: readonly Buffer[]): void {
    if (!this.socket.destroyed) this.socket.write(Buffer.concat(frames));
  }

  get isClosed(): boolean {
    return this.socket.destroyed;
  }

  /** The types of the frames that came for a stream, or for the connection (0). */
  framesOf(stream: number): number[] {
    const types: number[] = [];
    for (let at = 0; at + 9 <= this.received.length; at += 9 + this.received.readUIntBE(at, 3)) {
      if ((this.received.readUInt32BE(at + 5) & 0x7fffffff) === stream) types.push(this.received.readUInt8(at + 3));
    }
    return types;
  }

  close(): void {
    this.socket.destroy();
  }
}
