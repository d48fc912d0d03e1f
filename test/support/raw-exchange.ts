import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

interface RawAnswer {
  readonly status: number;
  readonly head: string;
}

export interface RawExchange {
  readonly answers: readonly RawAnswer[];
  /** What came that was no answer. */
  readonly rest: string;
}

/** Between two pieces of a request: long enough to arrive as two. */
const pauseMs = 30;
/** After an answer on a connection that stays open, for another one. */
const quietMs = 400;

/** Sends the pieces as they are, and reads what comes back until the gateway closes or has nothing more to say. */
export async function exchangeRaw(port: number, pieces: readonly Buffer[], patienceMs = 6_000): Promise<RawExchange> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let received = '';
  let isClosed = false;
  let lastAt = performance.now();
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    received += text;
    lastAt = performance.now();
  });
  // Whoever refuses a request may close before it has read all of it.
  socket.on('error', () => undefined);
  socket.on('close', () => (isClosed = true));

  for (const [index, piece] of pieces.entries()) {
    if (index > 0) await wait(pauseMs);
    if (!isClosed) socket.write(piece);
  }
  const isToBeClosed = pieces.some((piece) => piece.includes('Connection: close'));
  const isOver = (): boolean => {
    const silentMs = performance.now() - lastAt;
    return (
      isClosed ||
      silentMs > patienceMs ||
      (!isToBeClosed && silentMs > quietMs && readAnswers(received).answers.length > 0)
    );
  };
  while (!isOver()) await wait(2);
  socket.destroy();
  return readAnswers(received);
}

/** Interim answers are left out. */
function readAnswers(text: string): RawExchange {
  const answers: RawAnswer[] = [];
  let rest = text;
  for (;;) {
    const [head = ''] = /^HTTP\/1\.1 [1-5]\d\d [^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n/.exec(rest) ?? [];
    if (head === '') return { answers, rest };
    const status = Number(head.slice(9, 12));
    rest = rest.slice(head.length);
    if (status >= 200) {
      answers.push({ status, head });
      rest = rest.slice(bodyLength(head, rest));
    }
  }
}

/** The answer to HEAD names a length and brings nothing, so what looks like the next answer is not taken for a body. */
function bodyLength(head: string, rest: string): number {
  if (/^transfer-encoding: chunked\r$/im.test(head)) return rest.indexOf('0\r\n\r\n') + 5;
  const length = Number(/^content-length: (\d+)\r$/im.exec(head)?.[1] ?? 0);
  return rest.startsWith('HTTP/1.1 ') ? 0 : Math.min(length, rest.length);
}
