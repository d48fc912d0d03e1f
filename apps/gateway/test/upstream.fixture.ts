import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer, type Socket } from 'node:net';

export interface Upstream {
  readonly url: string;
  readonly requests: IncomingMessage[];
  close(): Promise<void>;
}

/** A service behind the gateway. Remembers what it was asked. */
export async function anUpstream(answer: RequestListener): Promise<Upstream> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  const url = await listening(server);
  return {
    url,
    requests,
    close: async () => {
      server.closeAllConnections();
      await closed(server);
    },
  };
}

/** Something that speaks whatever the test makes it speak. */
export async function aTcpUpstream(speak: (socket: Socket) => void): Promise<Upstream> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    speak(socket);
  });
  const url = await listening(server);
  return {
    url,
    requests: [],
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await closed(server);
    },
  };
}

export async function readAll(request: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function listening(server: Server | TcpServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const closed = (server: Server | TcpServer): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
