import { z } from 'zod';

import { optionalFileName } from './quantities.js';

/** Whom the gateway believes, and what it shows, where it is the one that calls. */
export const clientTls = z
  .strictObject({
    caFile: optionalFileName.describe('PEM: who signs their certificates; absent: the well-known authorities.'),
    certFile: optionalFileName.describe('PEM: the certificate that the gateway shows them, for mutual TLS.'),
    keyFile: optionalFileName.describe('PEM: its private key.'),
    serverName: z.string().min(1).optional().describe('The name in their certificates, if not the host of their url.'),
  })
  .refine(({ certFile, keyFile }) => (certFile === undefined) === (keyFile === undefined), {
    message: 'needs certFile and keyFile together',
  });

export type ClientTlsConfig = z.output<typeof clientTls>;
