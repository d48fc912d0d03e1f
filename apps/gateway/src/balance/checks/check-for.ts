import type { ConnectionOptions } from 'node:tls';

import type { CheckConfig } from '../../configuration/health.schema.js';
import { GrpcCheck } from './grpc-check.js';
import type { HealthCheck } from './health-check.js';
import { HttpCheck } from './http-check.js';
import { TcpCheck } from './tcp-check.js';

/** `tlsFor`: how a host is spoken to if the origin says https. */
export function checkFor(
  origin: string,
  config: CheckConfig,
  tlsFor: (host: string) => ConnectionOptions,
): HealthCheck {
  const url = new URL(origin);
  if (config.port !== undefined) url.port = String(config.port);
  switch (config.type) {
    case 'http':
      return new HttpCheck(url, config, () => tlsFor(hostOf(url)));
    case 'tcp':
      return new TcpCheck(hostOf(url), Number(url.port) || (url.protocol === 'https:' ? 443 : 80));
    case 'grpc':
      return new GrpcCheck(url, config.grpcService, () => tlsFor(hostOf(url)));
  }
}

/** Sockets take IPv6 addresses without the brackets that URLs put around them. */
const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');
