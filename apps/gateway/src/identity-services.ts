import { Logger } from '@nestjs/common';

import type { GrpcClients, PeerName } from '@libs/grpc';

import type { GatewayConfiguration } from './configuration/schema/gateway-configuration.schema.js';

type Connections = Pick<GrpcClients, 'connect' | 'isConnected'>;
type Asking = Pick<GatewayConfiguration, 'accounts' | 'authentication'>;

const greetingMs = 3_000;

/** The services that are asked over gRPC who the callers are. */
export function identityServices({ accounts, authentication }: Asking): readonly PeerName[] {
  const { sessions, apiKeys } = authentication;
  const asked: PeerName[] = [];
  if (sessions.resolver === 'grpc' || apiKeys.resolver === 'grpc') asked.push('auth-service');
  if (accounts.resolver === 'grpc') asked.push('tenant-service');
  return asked;
}

/**
 * Connects before there are requests, whose time is too short for it. Without those services a gateway still does what
 * needs no identity, so it does not wait for them for ever.
 */
export async function greetIdentityServices(
  connections: Connections,
  configuration: Asking,
  withinMs = greetingMs,
): Promise<void> {
  const services = identityServices(configuration);
  await Promise.all(services.map((service) => connections.connect(service, withinMs)));
  const away = services.filter((service) => !connections.isConnected(service));
  if (away.length > 0) new Logger('Identity').warn({ msg: 'starts without being connected', services: away });
}

/** For /ready, which names them and stays 200: a balancer would otherwise take out all gateways at once. */
export const identityDetails = (connections: Connections, configuration: Asking): Record<string, string> =>
  Object.fromEntries(
    identityServices(configuration).map((service) => [
      service,
      connections.isConnected(service) ? 'connected' : 'not connected',
    ]),
  );
