import { type Environment, environmentWith } from '@libs/config';

import type { PlatformSettings } from './settings.js';

export const serviceNames = ['tenant-service', 'auth-service', 'project-service', 'ecs-service'] as const;
export type ServiceName = (typeof serviceNames)[number];

interface Ports {
  readonly http: number;
  readonly grpc: number;
  readonly management: number;
}

const portsOf = (settings: PlatformSettings): Record<ServiceName, Ports> => ({
  'auth-service': {
    http: settings.authServiceHttpPort,
    grpc: settings.authServiceGrpcPort,
    management: settings.authServiceManagementPort,
  },
  'tenant-service': {
    http: settings.tenantServiceHttpPort,
    grpc: settings.tenantServiceGrpcPort,
    management: settings.tenantServiceManagementPort,
  },
  'project-service': {
    http: settings.projectServiceHttpPort,
    grpc: settings.projectServiceGrpcPort,
    management: settings.projectServiceManagementPort,
  },
  'ecs-service': {
    http: settings.ecsServiceHttpPort,
    grpc: settings.ecsServiceGrpcPort,
    management: settings.ecsServiceManagementPort,
  },
});

/** Where the apps find one another: `PROJECT_SERVICE_GRPC` for gRPC, `PROJECT_SERVICE_URL` for the gateway's table. */
function addresses(ports: Record<ServiceName, Ports>): Record<string, string> {
  return Object.fromEntries(
    serviceNames.flatMap((name) => {
      const variable = name.toUpperCase().replaceAll('-', '_');
      return [
        [`${variable}_GRPC`, `127.0.0.1:${ports[name].grpc}`],
        [`${variable}_URL`, `http://127.0.0.1:${ports[name].http}`],
      ];
    }),
  );
}

/** The environment that an app would have as a process of its own. */
export function appEnvironment(
  app: ServiceName | 'gateway',
  settings: PlatformSettings,
  secrets: Readonly<Record<string, string>>,
): Environment {
  const ports = portsOf(settings);
  const own =
    app === 'gateway'
      ? { GATEWAY_PORT: String(settings.gatewayPort), GATEWAY_MANAGEMENT_PORT: String(settings.gatewayManagementPort) }
      : {
          HTTP_PORT: String(ports[app].http),
          GRPC_PORT: String(ports[app].grpc),
          MANAGEMENT_PORT: String(ports[app].management),
        };
  const inherited = environmentWith(secrets) as Record<string, string>;
  // Each app would show the same certificate, and none would be let in with it. Inside one process there is no wire.
  for (const name of ['TLS_CA_FILE', 'TLS_CERT_FILE', 'TLS_KEY_FILE']) delete inherited[name];
  return environmentWith(inherited, { ...addresses(ports), ...own });
}
