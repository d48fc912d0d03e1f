import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { freePort, startMariaDb, startRedis } from '@libs/testing';

import { ownDist } from './gateway.js';
import type { Command, Workshop } from './workshop.js';

const services = ['tenant-service', 'auth-service', 'project-service', 'ecs-service'] as const;

/** The gateway and all services: where the gateway answers, and how to end what the workshop does not. */
export interface BenchStack {
  readonly url: string;
  close(): Promise<void>;
}

/** With a process for each, and stores that can be looked into. */
export interface ApartStack extends BenchStack {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly sealKey: Buffer;
  /** What all of its processes are told. */
  readonly environment: Readonly<Record<string, string>>;
  /** Of the gateway and the services, by name. */
  readonly pids: ReadonlyMap<string, number>;
  /** gRPC addresses of the services, by name. */
  readonly peers: Readonly<Record<string, string>>;
}

const envName = (service: string): string => service.toUpperCase().replaceAll('-', '_');

/** What every process is told. Each login comes from an address of its own, so no limit by address stands in its way. */
const common = (): Record<string, string> => ({
  NODE_ENV: 'production',
  LOG_LEVEL: 'error',
  SEAL_KEY: randomBytes(32).toString('base64url'),
  ENCRYPTION_KEY: randomBytes(32).toString('base64url'),
  ADMIN_PASSWORD: randomBytes(12).toString('base64url'),
  TRUSTED_PROXY: '127.0.0.1/32',
  LOGINS_PER_MINUTE: '1000000',
  REGISTRATIONS_PER_MINUTE: '1000000',
});

/** What `npm start` runs: everything in one process, on SQLite. */
export async function startTogether(workshop: Workshop): Promise<BenchStack & { readonly dataDir: string }> {
  const env = { ...common(), ...(await portsOfServices()), GATEWAY_MANAGEMENT_PORT: String(await freePort()) };
  const { url, folder: dataDir } = await workshop.start('platform', ({ port, folder }) => ({
    program: process.execPath,
    args: [join(ownDist, 'apps/platform/src/main.js')],
    env: { ...env, GATEWAY_PORT: String(port), DATA_DIR: folder },
  }));
  return { url, dataDir, close: () => Promise.resolve() };
}

export interface ApartOptions {
  /** A folder for each identity, with ca.crt, tls.crt and tls.key: between the processes there is mutual TLS then. */
  readonly certificates?: string;
  /** What the gateway runs with, and in. */
  readonly gateway?: { readonly env: Readonly<Record<string, string>>; readonly within: (command: Command) => Command };
}

/** A process for each, on MariaDB and Redis. */
export async function startApart(workshop: Workshop, options: ApartOptions = {}): Promise<ApartStack> {
  const { certificates, gateway = { env: {}, within: (command) => command } } = options;
  const certificateOf = (name: string): Record<string, string> =>
    certificates === undefined
      ? {}
      : {
          TLS_CA_FILE: join(certificates, name, 'ca.crt'),
          TLS_CERT_FILE: join(certificates, name, 'tls.crt'),
          TLS_KEY_FILE: join(certificates, name, 'tls.key'),
        };
  const [mariaDb, redis] = await Promise.all([startMariaDb(), startRedis()]);
  const addresses: Record<string, string> = { ...common(), DATABASE_URL: mariaDb.url, REDIS_URL: redis.url };
  const pids = new Map<string, number>();
  const grpcPorts = await Promise.all(services.map(() => freePort()));
  services.forEach((service, n) => (addresses[`${envName(service)}_GRPC`] = `127.0.0.1:${grpcPorts[n]}`));
  for (const [n, service] of services.entries()) {
    const management = String(await freePort());
    const { url, pid } = await workshop.start(service, ({ port, folder }) => ({
      program: process.execPath,
      args: [join(ownDist, `apps/${service}/src/main.js`)],
      env: {
        ...addresses,
        ...certificateOf(service),
        HTTP_PORT: String(port),
        GRPC_PORT: String(grpcPorts[n]),
        MANAGEMENT_PORT: management,
        DATA_DIR: folder,
      },
    }));
    addresses[`${envName(service)}_URL`] = certificates === undefined ? url : url.replace('http:', 'https:');
    pids.set(service, pid);
  }
  const management = String(await freePort());
  const { url, pid } = await workshop.start('gateway', ({ port, folder }) =>
    gateway.within({
      program: process.execPath,
      args: [join(ownDist, 'apps/gateway/src/main.js')],
      env: {
        ...addresses,
        ...certificateOf('gateway'),
        ...gateway.env,
        GATEWAY_PORT: String(port),
        GATEWAY_MANAGEMENT_PORT: management,
        DATA_DIR: folder,
      },
    }),
  );
  pids.set('gateway', pid);
  return {
    url,
    pids,
    databaseUrl: mariaDb.url,
    redisUrl: redis.url,
    sealKey: Buffer.from(addresses['SEAL_KEY'] as string, 'base64url'),
    environment: { ...addresses },
    peers: Object.fromEntries(services.map((service, n) => [service, `127.0.0.1:${grpcPorts[n]}`])),
    close: async () => void (await Promise.all([mariaDb.stop(), redis.stop()])),
  };
}

async function portsOfServices(): Promise<Record<string, string>> {
  const ports: Record<string, string> = {};
  for (const service of services) {
    for (const kind of ['HTTP', 'GRPC', 'MANAGEMENT'])
      ports[`${envName(service)}_${kind}_PORT`] = String(await freePort());
  }
  return ports;
}
