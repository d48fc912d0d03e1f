import { z } from 'zod';

import { duration, wholeNumber } from './quantities.js';

const adaptive = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether to let in less when this process falls behind.'),
    delay: duration
      .prefault('100ms')
      .refine((ms) => ms >= 5, 'must be 5ms or more')
      .describe('How long everybody may be kept waiting by one turn of the event loop before less is let in.'),
    floor: wholeNumber(1, 100_000).default(32).describe('So many requests are let in however late this process is.'),
  })
  .prefault({})
  .describe('Refuses early what would only make everybody wait.');

export const protection = z
  .strictObject({
    connections: wholeNumber(1, 1_000_000).default(10_000).describe('Connections of clients; more are closed at once.'),
    connectionsPerAddress: wholeNumber(1, 1_000_000)
      .default(2_000)
      .describe('The same from one address, or one IPv6 /64; trusted proxies may open as many as they like.'),
    requests: wholeNumber(1, 1_000_000).default(10_000).describe('Requests at once; more are answered 503.'),
    bodiesPerAddress: wholeNumber(1, 1_000_000)
      .default(1_000)
      .describe('Requests of one address, or one IPv6 /64, whose body is still to come; more are answered 429.'),
    streams: wholeNumber(1, 1_000_000)
      .default(10_000)
      .describe(
        'WebSockets and streams at once, which are no `requests` then; more are answered 503. A stream is one of events, or a call of gRPC after 5s.',
      ),
    streamsPerRoute: wholeNumber(1, 1_000_000)
      .default(5_000)
      .describe('The same on one route, unless it says otherwise.'),
    streamsPerAddress: wholeNumber(1, 1_000_000)
      .default(1_000)
      .describe('The same from one address, or one IPv6 /64; more are answered 429.'),
    streamsPerUser: wholeNumber(1, 1_000_000)
      .default(500)
      .describe('The same of one user, from wherever they call; more are answered 429.'),
    adaptive,
  })
  .prefault({})
  .describe('What this process takes on. More is refused early, and never /health, /ready or management.');

export type ProtectionConfig = z.output<typeof protection>;
