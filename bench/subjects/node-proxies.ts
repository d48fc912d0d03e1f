import { join } from 'node:path';

import type { Started, Workshop } from './workshop.js';

export type NodeProxy = 'fastify-http-proxy' | 'express-http-proxy-middleware-4' | 'express-http-proxy-middleware-3';

/** Each as its own documentation shows it. Number 3 is here because many still run it: it keeps no connections. */
export const startNodeProxy = (workshop: Workshop, name: NodeProxy, upstreamUrl: string): Promise<Started> =>
  workshop.start(name, ({ port }) => ({
    program: process.execPath,
    args: [join(import.meta.dirname, 'node', `${name}.js`), String(port), upstreamUrl],
    env: { NODE_ENV: 'production' },
  }));
