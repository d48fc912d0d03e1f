import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server as TlsServer } from 'node:tls';

/** Where a server that listens can be reached from this machine. */
export const serverUrl = (server: Server, host: string): string =>
  `${server instanceof TlsServer ? 'https' : 'http'}://${hostAndPort(host, (server.address() as AddressInfo).port)}`;

export function hostAndPort(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
