import type { IncomingHttpHeaders } from 'node:http';

/** From where a session was opened, so that its owner can recognise it in a list. No decision hangs on it. */
export interface Client {
  readonly userAgent: string;
  readonly address: string;
}

/** The gateway replaces `X-Forwarded-For`; its first entry is the client. */
export const clientOf = (headers: IncomingHttpHeaders): Client => ({
  userAgent: printable(headers['user-agent'] ?? '').slice(0, 255),
  address: printable(String(headers['x-forwarded-for'] ?? '').split(',', 1)[0] ?? '').slice(0, 45),
});

const printable = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '').trim();
