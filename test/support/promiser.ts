import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';

import { endHeaders, endStream, fieldBlock, frame, frameType } from './raw-http2.js';

export const protocols = ['HTTP/1.1', 'HTTP/1.1 over TLS', 'HTTP/2', 'HTTP/2 over TLS'] as const;
export type Protocol = (typeof protocols)[number];

export const isOverTls = (protocol: Protocol): boolean => protocol.endsWith('TLS');
const speaksHttp2 = (protocol: Protocol): boolean => protocol.startsWith('HTTP/2');

/** Ways in which a connection ends, and in which protocols it may end so. */
export const endings = {
  FIN: () => true,
  RST: () => true,
  GOAWAY: speaksHttp2,
  'GOAWAY with an error': speaksHttp2,
  'close_notify and FIN': isOverTls,
  silence: () => true,
} satisfies Record<string, (protocol: Protocol) => boolean>;
export type Ending = keyof typeof endings;

/** A connection of a client that announces more than it sends. It says what no client library would. */
export class Promiser {
  private next = 1;
  private readonly announced: number[] = [];
  private isChunked = false;

  private constructor(
    /** What bytes are written to: TLS, or the bare connection. */
    private readonly socket: Socket,
    private readonly bare: Socket,
    private readonly isHttp2: boolean,
  ) {
    for (const each of [socket, bare]) each.on('error', () => undefined);
    socket.resume();
  }

  /** `address`: of this machine, from which it calls. */
  static async open(port: number, protocol: Protocol, address: string): Promise<Promiser> {
    const bare = connect({ port, host: '127.0.0.1', localAddress: address });
    await once(bare, 'connect');
    const isHttp2 = speaksHttp2(protocol);
    const socket = isOverTls(protocol) ? await secured(bare, isHttp2) : bare;
    const promiser = new Promiser(socket, bare, isHttp2);
    if (isHttp2) promiser.write(Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(frameType.settings, 0, 0));
    return promiser;
  }

  /** So many requests as one connection carries at once. */
  static roomOf(protocol: Protocol): number {
    return speaksHttp2(protocol) ? 100 : 1;
  }

  /** A request whose body is still to come. Without a length it says nothing about how much. */
  announce(path: string, length?: number): void {
    if (!this.isHttp2) {
      this.isChunked = length === undefined;
      const framing = length === undefined ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`;
      return this.write(`POST ${path} HTTP/1.1\r\nHost: a.example\r\n${framing}\r\n\r\n`);
    }
    const block = fieldBlock([
      [':method', 'POST'],
      [':scheme', 'http'],
      [':authority', 'a.example'],
      [':path', path],
      ...(length === undefined ? [] : [['content-length', String(length)] as const]),
    ]);
    this.announced.push(this.next);
    this.write(frame(frameType.headers, endHeaders, this.next, block));
    this.next += 2;
  }

  /** A request without a body. */
  ask(path: string): void {
    if (!this.isHttp2) return this.write(`GET ${path} HTTP/1.1\r\nHost: a.example\r\n\r\n`);
    const block = fieldBlock([[':method', 'GET'], [':scheme', 'http'], [':authority', 'a.example'], [':path', path]]); // prettier-ignore
    this.write(frame(frameType.headers, endHeaders | endStream, this.next, block));
    this.next += 2;
  }

  /** Some bytes of each body that it has announced. */
  bring(bytes: number): void {
    const piece = Buffer.alloc(bytes, 'x');
    if (!this.isHttp2)
      return this.isChunked ? this.write(`${bytes.toString(16)}\r\n`, piece, '\r\n') : this.write(piece);
    for (const stream of this.announced) this.write(frame(frameType.data, 0, stream, piece));
  }

  end(how: Ending): void {
    if (how === 'FIN') this.bare.end();
    else if (how === 'RST') this.bare.resetAndDestroy();
    else if (how === 'close_notify and FIN') this.socket.end();
    else if (how === 'GOAWAY') this.write(frame(frameType.goAway, 0, 0, Buffer.alloc(8)));
    else if (how === 'GOAWAY with an error') {
      this.write(frame(frameType.goAway, 0, 0, Buffer.from([0, 0, 0, 0, 0, 0, 0, 2])));
    }
  }

  close(): void {
    this.socket.destroy();
    this.bare.destroy();
  }

  private write(...pieces: readonly (Buffer | string)[]): void {
    for (const piece of pieces) if (this.socket.writable) this.socket.write(piece, 'latin1');
  }
}

async function secured(bare: Socket, isHttp2: boolean): Promise<TLSSocket> {
  const ALPNProtocols = [isHttp2 ? 'h2' : 'http/1.1'];
  const secure = connectTls({ socket: bare, rejectUnauthorized: false, ALPNProtocols });
  await once(secure, 'secureConnect');
  return secure;
}

/** As many connections as it takes for so many requests, of each of which `begin` says how it begins. */
export async function promise(
  count: number,
  to: { readonly port: number; readonly protocol: Protocol; readonly address: string },
  begin: (promiser: Promiser) => void,
): Promise<Promiser[]> {
  const room = Promiser.roomOf(to.protocol);
  const promisers = await Promise.all(
    Array.from({ length: Math.ceil(count / room) }, () => Promiser.open(to.port, to.protocol, to.address)),
  );
  for (let n = 0; n < count; n++) begin(promisers[Math.floor(n / room)] as Promiser);
  return promisers;
}
