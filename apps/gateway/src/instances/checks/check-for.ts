import type { ConnectionOptions } from 'node:tls';

import type { Names } from '@libs/names';

import type { CheckConfig } from '../../configuration/schema/health.schema.js';
import { GrpcCheck } from './grpc-check.js';
import type { HealthCheck } from './health-check.js';
import { HttpCheck } from './http-check.js';
import { TcpCheck } from './tcp-check.js';

/** `tlsFor`: how a host is spoken to if the origin says https. */
export function checkFor(
  origin: string,
  config: CheckConfig,
  tlsFor: (host: string) => ConnectionOptions,
  names: Names,
): HealthCheck {
  const url = new URL(origin);
  if (config.port !== undefined) url.port = String(config.port);
  switch (config.type) {
    case 'http':
      return new HttpCheck(url, config, () => tlsFor(hostOf(url)), names.lookup);
    case 'tcp':
      return new TcpCheck(hostOf(url), Number(url.port) || (url.protocol === 'https:' ? 443 : 80), names.lookup);
    case 'grpc':
      return new GrpcCheck(url, config.grpcService, () => tlsFor(hostOf(url)), names);
  }
}

/** Sockets take IPv6 addresses without the brackets that URLs put around them. */
const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');
