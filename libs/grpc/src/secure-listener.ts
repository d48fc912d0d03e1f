import { type Server, ServerCredentials } from '@grpc/grpc-js';

import type { AddressInfo } from 'node:net';
import { createServer, type Server as TlsServer } from 'node:tls';

import { admitOnly, closedServer, type OwnCertificate } from '@libs/mutual-tls';

export interface SecureListener {
  readonly port: number;
  /** Takes no more connections. Those that are there are the gRPC server's to close. */
  close(): void;
}

/**
 * The port of a gRPC server that lets in only those who are listed. The handshake is made here and not by grpc-js,
 * which would tell who is calling only call by call, at the price of reading the certificate each time.
 */
export async function listenSecurely(
  server: Server,
  { host, port, own, allowed }: { host: string; port: number; own: OwnCertificate; allowed: readonly string[] },
): Promise<SecureListener> {
  // Plain to gRPC: what it is given has been decrypted and admitted.
  const calls = server.createConnectionInjector(ServerCredentials.createInsecure());
  const listener = createServer({ ...closedServer(own), ALPNProtocols: ['h2'] }, (socket) => {
    // Clients go away in the middle of something; gRPC hears of it by the end of the connection.
    socket.on('error', () => undefined);
    calls.injectConnection(socket);
  });
  admitOnly(listener, own, allowed);
  await listen(listener, port, host);
  return { port: (listener.address() as AddressInfo).port, close: () => void listener.close() };
}

const listen = (server: TlsServer, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
