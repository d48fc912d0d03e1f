import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Server } from 'node:http';
import { createSecureContext, type Server as TlsServer } from 'node:tls';

import { Logger } from '@nestjs/common';

import { shownCertificate, useCertificates } from '@libs/mutual-tls';

import type { ListenTlsConfig } from '../configuration/schema/listen.schema.js';

/** Looked at, not listened to: mounted secrets are swapped by links, which tell of nothing. */
const lookEveryMs = 1_000;

export const readServerCertificate = ({ certFile, keyFile }: ListenTlsConfig): { cert: Buffer; key: Buffer } => ({
  cert: readFileSync(certFile),
  key: readFileSync(keyFile),
});

/** New connections get the new certificate. While the files do not fit together they keep the old one. */
export function renewServerCertificate(server: Server, tls: ListenTlsConfig): void {
  const logger = new Logger('Certificate');
  const use = useCertificates();
  const note = (cert: Buffer): void => {
    use.certificates = [{ ...shownCertificate(tls.certFile, cert), isOwn: true }];
  };
  note(readServerCertificate(tls).cert);
  const renew = (): void => {
    try {
      const pair = readServerCertificate(tls);
      createSecureContext(pair);
      (server as unknown as TlsServer).setSecureContext({ ...pair, minVersion: 'TLSv1.2' });
      note(pair.cert);
      logger.log({ msg: 'the certificate was renewed', file: tls.certFile });
    } catch (error) {
      logger.error({
        msg: 'the new certificate cannot be used, so the old one goes on',
        file: tls.certFile,
        err: error,
      });
    }
  };
  const files = [tls.certFile, tls.keyFile];
  for (const file of files) watchFile(file, { interval: lookEveryMs, persistent: false }, renew);
  server.once('close', () => {
    for (const file of files) unwatchFile(file, renew);
    use.certificates = [];
  });
}
