import type { Server } from 'node:net';
import { Server as TlsServer, type TlsOptions, type TLSSocket } from 'node:tls';

import { Logger } from '@nestjs/common';

import type { OwnCertificate } from './own-certificate.js';
import { identityIn } from './service-identity.js';

/** Our own processes speak nothing older to each other. */
const minVersion = 'TLSv1.3';

/** For a server that nobody enters without a certificate of our authorities. */
export const closedServer = (own: OwnCertificate): TlsOptions => ({
  ...own.current,
  minVersion,
  requestCert: true,
  rejectUnauthorized: true,
});

/** For a server that has something for those, too, who show no certificate: `admitUnlessForeign` goes with it. */
export const openServer = (own: OwnCertificate): TlsOptions => ({ ...closedServer(own), rejectUnauthorized: false });

/** Who is at the other end; undefined for whoever has shown no certificate, or one of somebody else's. */
export const identityOn = (socket: TLSSocket): string | undefined =>
  socket.authorized ? identityIn(socket.getPeerX509Certificate()) : undefined;

/**
 * Closes the connections of all who are not listed before their first byte is read, and follows the renewals of our
 * own certificate. To be called once the server has all its listeners.
 */
export const admitOnly = (server: Server, own: OwnCertificate, allowed: readonly string[]): void =>
  admit(server, own, (socket) => allowed.includes(identityOn(socket) ?? ''));

/** Closes the connections of those who show a certificate of somebody else's. Asking the others is the server's part. */
export const admitUnlessForeign = (server: Server, own: OwnCertificate): void =>
  admit(server, own, (socket) => socket.authorized || socket.getPeerX509Certificate() === undefined);

function admit(server: Server, own: OwnCertificate, isWelcome: (socket: TLSSocket) => boolean): void {
  if (!(server instanceof TlsServer)) throw new TypeError('Without TLS nobody can be told from anybody else.');
  const logger = new Logger('Admission');
  const serve = server.listeners('secureConnection') as ((socket: TLSSocket) => void)[];
  server.removeAllListeners('secureConnection');
  server.on('secureConnection', (socket: TLSSocket) => {
    if (isWelcome(socket)) {
      for (const listener of serve) listener.call(server, socket);
      return;
    }
    const caller = identityOn(socket) ?? '';
    logger.warn({ msg: 'a caller was turned away', caller, client_address: socket.remoteAddress });
    socket.destroy();
  });
  // New connections get the new certificate; those that are open go on as they are.
  server.once(
    'close',
    own.onRenewal(() => server.setSecureContext({ ...own.current, minVersion })),
  );
}
