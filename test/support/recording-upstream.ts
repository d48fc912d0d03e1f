import { aTcpUpstream, type Upstream } from './upstream.js';
import { type Reading, readStrictly } from './strict-http.js';

/** A service that keeps every byte that it is sent, and answers only what it can read without a doubt. */
export interface RecordingUpstream extends Upstream {
  /** What has arrived since the last call, by connection. */
  take(): readonly Reading[];
}

export async function aRecordingUpstream(): Promise<RecordingUpstream> {
  const connections = new Set<{ bytes: string; isOpen: boolean }>();
  const upstream = await aTcpUpstream((socket) => {
    const connection = { bytes: '', isOpen: true };
    let answered = 0;
    connections.add(connection);
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      if (connection.bytes === '') answered = 0;
      connection.bytes += text;
      const { requests, dirt } = readStrictly(connection.bytes);
      for (const { method } of requests.slice(answered)) socket.write(answerTo(method));
      answered = requests.length;
      if (dirt !== undefined) socket.destroy();
    });
    socket.on('close', () => (connection.isOpen = false));
  });
  return {
    ...upstream,
    take: () => {
      const readings = [...connections].filter(({ bytes }) => bytes !== '').map(({ bytes }) => readStrictly(bytes));
      for (const connection of connections) {
        connection.bytes = '';
        if (!connection.isOpen) connections.delete(connection);
      }
      return readings;
    },
  };
}

const answerTo = (method: string): string =>
  `HTTP/1.1 200 OK\r\nX-From: upstream\r\nContent-Length: 2\r\n\r\n${method === 'HEAD' ? '' : 'ok'}`;
