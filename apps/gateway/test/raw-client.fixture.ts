import { connect } from 'node:net';

/** Sends bytes as they are and gives back all that comes until the gateway closes. */
export function sendRaw(port: number, ...pieces: readonly (string | Buffer)[]): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => {
      for (const piece of pieces) socket.write(piece);
    });
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => (answer += chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
  });
}

/** Lines of a request that ends the connection. */
export const request = (firstLine: string, ...headers: readonly string[]): string =>
  `${[firstLine, 'Host: api.example', 'Connection: close', ...headers].join('\r\n')}\r\n\r\n`;

export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? 0);

export const bodyOf = (answer: string): string => answer.slice(answer.indexOf('\r\n\r\n') + 4);

export const problemIn = (answer: string): { code: string; requestId: string } =>
  JSON.parse(bodyOf(answer)) as { code: string; requestId: string };
