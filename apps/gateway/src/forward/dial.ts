import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

import type { ClientTls } from './client-tls.js';

/** Opens a connection to one instance. It can be used once the event `established` has come. */
export type Dial = () => { readonly socket: Socket; readonly established: 'connect' | 'secureConnect' };

/** `protocol` is what TLS asks for; without TLS the other side has to know. */
export function dialer(origin: string, protocol: 'http/1.1' | 'h2', tls: ClientTls): Dial {
  const { protocol: scheme, hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, '');
  const to = { host, port: Number(port) || (scheme === 'https:' ? 443 : 80), noDelay: true, keepAlive: true };
  if (scheme === 'http:') return () => ({ socket: connect(to), established: 'connect' });
  return () => ({
    socket: connectTls({ ...to, ...tls.options(host), ALPNProtocols: [protocol] }),
    established: 'secureConnect',
  });
}
