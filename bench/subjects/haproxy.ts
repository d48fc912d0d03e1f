import { requireProgram } from './programs.js';
import type { Started, Workshop } from './workshop.js';

/** A bare reverse proxy in HTTP mode on one thread: no log, connections to the upstream server kept open and shared. */
export const startHaproxy = (workshop: Workshop, upstreamUrl: string): Promise<Started> =>
  workshop.start('haproxy', ({ port, write }) => ({
    program: requireProgram('haproxy'),
    args: [
      '-db',
      '-f',
      write(
        'haproxy.cfg',
        `global
  nbthread 1
  maxconn 4096
defaults
  mode http
  http-reuse always
  timeout connect 2s
  timeout client 60s
  timeout server 60s
listen bench
  bind 127.0.0.1:${port}
  server upstream ${new URL(upstreamUrl).host}
`,
      ),
    ],
  }));
