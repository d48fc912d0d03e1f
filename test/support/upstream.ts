import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer, type Socket } from 'node:net';

export interface Upstream {
  readonly url: string;
  close(): Promise<void>;
}

/** A service behind the gateway. */
export const anUpstream = (answer: RequestListener): Promise<Upstream> =>
  listening(createServer({ keepAliveTimeout: 60_000 }, answer));

/** Something that speaks whatever the test makes it speak. */
export const aTcpUpstream = (speak: (socket: Socket) => void): Promise<Upstream> =>
  listening(
    createTcpServer((socket) => {
      socket.on('error', () => undefined);
      speak(socket);
    }),
  );

export async function listening(server: Server | TcpServer): Promise<Upstream> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
