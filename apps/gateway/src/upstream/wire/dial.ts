import { connect, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

import type { ClientTls } from '../../tls/client-tls.js';

/**
 * Opens a connection to one instance, which can be used once the event `established` has come. `receive` is given
 * what comes, without the cost of a stream, and must be done with it when it returns; false: no more until `resume`.
 */
export type Dial = (receive?: (bytes: Buffer) => boolean) => {
  readonly socket: Socket;
  readonly established: 'connect' | 'secureConnect';
};

/** All connections are read into the same memory, one after the other: what is in it is only good for the moment. */
const memory = Buffer.allocUnsafeSlow(64 * 1024);

/** `protocol` is what TLS asks for; without TLS the other side has to know. */
export function dialer(origin: string, protocol: 'http/1.1' | 'h2', tls: ClientTls, lookup: LookupFunction): Dial {
  const { protocol: scheme, hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, '');
  const to = { host, port: Number(port) || (scheme === 'https:' ? 443 : 80), lookup, noDelay: true, keepAlive: true };
  return (receive) => {
    const options = receive === undefined ? to : { ...to, onread: readInto(receive) };
    if (scheme === 'http:') return { socket: connect(options), established: 'connect' };
    return {
      socket: connectTls({ ...options, ...tls.options(host), ALPNProtocols: [protocol] }),
      established: 'secureConnect',
    };
  };
}

const readInto = (receive: (bytes: Buffer) => boolean) => ({
  buffer: memory,
  callback: (length: number): boolean => receive(memory.subarray(0, length)),
});
