import type { z } from 'zod';

interface Socket {
  readonly host: string;
  readonly port: number;
}

const isEverywhere = (host: string): boolean => host === '0.0.0.0' || host === '::';

/** Two servers at one port: the start would blame another process for it. */
export function checkSockets(
  { listen, management }: { readonly listen: Socket; readonly management: Socket },
  check: z.RefinementCtx,
): void {
  if (listen.port === 0 || listen.port !== management.port) return;
  if (listen.host !== management.host && !isEverywhere(listen.host) && !isEverywhere(management.host)) return;
  check.addIssue({ code: 'custom', path: ['listen', 'port'], message: 'is the port of `management` too' });
}
