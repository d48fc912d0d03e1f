import type { Socket } from 'node:net';

/** What a client of HTTP/2 begins with (RFC 9113 §3.4). No method of HTTP/1.1 is called PRI. */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

interface Speakers {
  readonly http1: (socket: Socket) => void;
  readonly http2: (socket: Socket) => void;
  /** How long the first bytes may take. */
  readonly patienceMs: number;
}

/** Finds out from the first bytes of a plain connection which HTTP the client speaks, and hands it over untouched. */
export function sniffProtocol(socket: Socket, { http1, http2, patienceMs }: Speakers): void {
  let seen: Buffer | undefined;
  const giveUp = (): void => void socket.destroy();
  const look = (): void => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    seen = seen === undefined ? chunk : Buffer.concat([seen, chunk]);
    const length = Math.min(seen.length, preface.length);
    const isHttp2 = seen.compare(preface, 0, length, 0, length) === 0;
    if (isHttp2 && length < preface.length) return;
    socket.off('readable', look);
    socket.off('timeout', giveUp);
    socket.off('error', giveUp);
    socket.off('end', giveUp);
    socket.setTimeout(0);
    socket.unshift(seen);
    if (isHttp2) http2(socket);
    else http1(socket);
  };
  socket.on('readable', look);
  socket.on('error', giveUp);
  socket.on('end', giveUp);
  socket.on('timeout', giveUp);
  socket.setTimeout(patienceMs);
}
