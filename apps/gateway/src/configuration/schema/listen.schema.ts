import { z } from 'zod';

import { wholeNumber } from './quantities.js';
import { socket } from './socket.schema.js';

/** Both must stand there. Both are empty where variables may name them and do not: `${NAME:-}`. */
const named = z.string().meta({ file: true });
const tls = z
  .strictObject({
    certFile: named.describe('PEM: the certificate, and those between it and the authority.'),
    keyFile: named.describe('PEM: its private key.'),
  })
  .refine(({ certFile, keyFile }) => (certFile === '') === (keyFile === ''), {
    message: 'needs certFile and keyFile together',
  })
  .transform((files) => (files.certFile === '' ? undefined : files));

const http2 = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe('Whether HTTP/2 is spoken too: over TLS when the client offers it, otherwise when it begins with it.'),
  streams: wholeNumber(1, 10_000).default(100).describe('Requests that may run at once on one connection.'),
  resets: wholeNumber(1, 100_000)
    .default(100)
    .describe(
      'Requests of one connection that may be broken off, or rejected for their headers, within ten seconds; with more it is closed.',
    ),
  controlFrames: wholeNumber(10, 100_000)
    .default(500)
    .describe(
      'Frames without a request or a body (SETTINGS, PING, WINDOW_UPDATE and others) that one connection may send within ten seconds, beside two for each frame that it gets; with more it is closed.',
    ),
});

export const listen = z
  .strictObject({
    ...socket('127.0.0.1', 8080),
    tls: tls
      .optional()
      .describe('For clients at https; absent: plain, for behind a proxy. The files are read again when they change.'),
    http2: http2.prefault({}).describe('HTTP/2 from clients.'),
  })
  .prefault({})
  .describe('Where clients call.');

export type ListenConfig = z.output<typeof listen>;
export type ListenTlsConfig = NonNullable<z.output<typeof tls>>;
export type Http2Config = z.output<typeof http2>;
