import { z } from 'zod';

import { byteSize, byteSizeOrNone, duration, wholeNumber } from './quantities.js';

export const limits = z
  .strictObject({
    uriBytes: byteSize.prefault('8KiB').describe('Path and query.'),
    headerBytes: byteSize.prefault('16KiB').describe('All headers together.'),
    headerCount: wholeNumber(10, 2000).default(100).describe('How many headers.'),
    bodyBytes: byteSizeOrNone
      .prefault('10MiB')
      .describe('The body, also when it comes in chunks; 0B: there may be none.'),
    headersTimeout: duration.prefault('10s').describe('Until the headers of a request have arrived.'),
    requestTimeout: duration
      .prefault('5m')
      .describe(
        'Until the whole request has arrived, counted from its headers. A route or service with a longer `timeouts.total` has that.',
      ),
    bodyRate: byteSizeOrNone
      .prefault('240B')
      .describe('Bytes a second that a body must bring while it is waited for; 0B: however few.'),
    bodyGrace: duration
      .prefault('10s')
      .describe('How long a body may bring less than `bodyRate`, or nothing; for longer is 408.'),
    keepAliveTimeout: duration.prefault('75s').describe('How long an idle connection of a client is kept.'),
  })
  .prefault({})
  .describe('What one request may be. More is refused before anything is forwarded.');

export type LimitsConfig = z.output<typeof limits>;
