import type { IncomingHttpHeaders } from 'node:http';

const validHost = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/i;

export function isHost(text: string): boolean {
  const [whole, port] = validHost.exec(text) ?? [];
  return whole !== undefined && (port === undefined || Number(port) <= 65_535);
}

/** Whom the client means to talk to; empty if it does not say. */
export const hostOf = (headers: IncomingHttpHeaders): string =>
  headers.host ?? (headers[':authority'] as string | undefined) ?? '';
