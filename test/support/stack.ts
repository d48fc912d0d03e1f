import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort, startMariaDb, startRedis, type TestServer } from '@libs/testing';

import { built } from './built.js';
import { Child } from './child.js';

const services = ['tenant-service', 'auth-service', 'project-service', 'ecs-service'] as const;
type Service = (typeof services)[number];

interface Ports {
  readonly http: number;
  readonly grpc: number;
  readonly management: number;
}

const envName = (service: string): string => service.toUpperCase().replaceAll('-', '_');

async function takePorts(): Promise<Ports> {
  return { http: await freePort(), grpc: await freePort(), management: await freePort() };
}

/** A deployment under test: where it answers, and how to stop, kill and start it again. */
export abstract class Stack {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-test-'));
  readonly adminPassword = randomBytes(12).toString('base64url');
  /** One public address for each gateway process. */
  abstract readonly gateways: readonly string[];
  /** Set where the stack's key is known beforehand. */
  abstract readonly sealKey: Buffer | undefined;
  abstract ports(service: Service): Ports;
  abstract start(): Promise<void>;
  abstract stop(): Promise<{ tookMs: number; codes: (number | null)[] }>;
  abstract kill(): Promise<void>;
  abstract output(): string;

  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** What `npm start` runs: everything in one process, with or without real stores. */
export class EmbeddedStack extends Stack {
  readonly sealKey = randomBytes(32);
  private child: Child | undefined;

  private constructor(
    private readonly gateway: Ports,
    private readonly servicePorts: Record<Service, Ports>,
    private readonly extra: Record<string, string>,
  ) {
    super();
  }

  static async create(extra: Record<string, string> = {}): Promise<EmbeddedStack> {
    const ports = {} as Record<Service, Ports>;
    for (const service of services) ports[service] = await takePorts();
    return new EmbeddedStack(await takePorts(), ports, extra);
  }

  get gateways(): readonly string[] {
    return [`http://127.0.0.1:${this.gateway.http}`];
  }

  /** Of the gateway. */
  get management(): string {
    return `http://127.0.0.1:${this.gateway.management}`;
  }

  ports(service: Service): Ports {
    return this.servicePorts[service];
  }

  get environment(): Record<string, string> {
    return {
      NODE_ENV: 'production',
      DATA_DIR: this.dataDir,
      SEAL_KEY: this.sealKey.toString('base64url'),
      ADMIN_PASSWORD: this.adminPassword,
      GATEWAY_PORT: String(this.gateway.http),
      GATEWAY_MANAGEMENT_PORT: String(this.gateway.management),
      ...Object.fromEntries(
        services.flatMap((service) => [
          [`${envName(service)}_HTTP_PORT`, String(this.servicePorts[service].http)],
          [`${envName(service)}_GRPC_PORT`, String(this.servicePorts[service].grpc)],
          [`${envName(service)}_MANAGEMENT_PORT`, String(this.servicePorts[service].management)],
        ]),
      ),
      ...this.extra,
    };
  }

  async start(): Promise<void> {
    this.child = new Child('platform', built('apps/platform/src/main.js'), this.environment);
    await this.child.ready(`${this.gateways[0]}/ready`);
  }

  async stop(signal: 'SIGINT' | 'SIGTERM' = 'SIGINT'): Promise<{ tookMs: number; codes: (number | null)[] }> {
    const { tookMs, code } = (await this.child?.stop(signal)) ?? { tookMs: 0, code: 0 };
    return { tookMs, codes: [code] };
  }

  async kill(): Promise<void> {
    await this.child?.kill();
  }

  output(): string {
    return this.child?.output ?? '';
  }
}

/** A process for each service and several gateways, on real MariaDB and Redis servers. */
export class DistributedStack extends Stack {
  readonly sealKey = randomBytes(32);
  readonly children = new Map<string, Child>();
  private readonly encryptionKey = randomBytes(32).toString('base64url');

  private constructor(
    readonly mariaDb: TestServer,
    readonly redis: TestServer,
    private readonly servicePorts: Record<Service, Ports>,
    readonly gatewayPorts: readonly Ports[],
    private readonly extra: Record<string, string>,
  ) {
    super();
  }

  static async create(gatewayCount = 2, extra: Record<string, string> = {}): Promise<DistributedStack> {
    const ports = {} as Record<Service, Ports>;
    for (const service of services) ports[service] = await takePorts();
    const gateways: Ports[] = [];
    for (let n = 0; n < gatewayCount; n += 1) gateways.push(await takePorts());
    return new DistributedStack(await startMariaDb(), await startRedis(), ports, gateways, extra);
  }

  get gateways(): readonly string[] {
    return this.gatewayPorts.map(({ http }) => `http://127.0.0.1:${http}`);
  }

  ports(service: Service): Ports {
    return this.servicePorts[service];
  }

  private get environment(): Record<string, string> {
    return {
      NODE_ENV: 'production',
      LOG_LEVEL: 'info',
      SEAL_KEY: this.sealKey.toString('base64url'),
      ENCRYPTION_KEY: this.encryptionKey,
      REDIS_URL: this.redis.url,
      DATABASE_URL: this.mariaDb.url,
      ...Object.fromEntries(
        services.flatMap((service) => [
          [`${envName(service)}_GRPC`, `127.0.0.1:${this.servicePorts[service].grpc}`],
          [`${envName(service)}_URL`, `http://127.0.0.1:${this.servicePorts[service].http}`],
        ]),
      ),
      ...this.extra,
    };
  }

  async startService(service: Service): Promise<void> {
    const { http, grpc, management } = this.servicePorts[service];
    const child = new Child(service, built(`apps/${service}/src/main.js`), {
      ...this.environment,
      DATA_DIR: join(this.dataDir, service),
      HTTP_PORT: String(http),
      GRPC_PORT: String(grpc),
      MANAGEMENT_PORT: String(management),
      ...(service === 'auth-service' ? { ADMIN_PASSWORD: this.adminPassword } : {}),
    });
    this.children.set(service, child);
    await child.ready(`http://127.0.0.1:${management}/ready`);
  }

  async startGateway(index: number): Promise<void> {
    const ports = this.gatewayPorts[index] as Ports;
    const child = new Child(`gateway-${index}`, built('apps/gateway/src/main.js'), {
      ...this.environment,
      DATA_DIR: join(this.dataDir, `gateway-${index}`),
      GATEWAY_PORT: String(ports.http),
      GATEWAY_MANAGEMENT_PORT: String(ports.management),
    });
    this.children.set(`gateway-${index}`, child);
    await child.ready(`http://127.0.0.1:${ports.management}/ready`);
  }

  async start(): Promise<void> {
    await Promise.all(services.map((service) => this.startService(service)));
    await Promise.all(this.gatewayPorts.map((_, index) => this.startGateway(index)));
  }

  async stop(): Promise<{ tookMs: number; codes: (number | null)[] }> {
    const stops = await Promise.all([...this.children.values()].map((child) => child.stop()));
    return { tookMs: Math.max(...stops.map(({ tookMs }) => tookMs)), codes: stops.map(({ code }) => code) };
  }

  async kill(): Promise<void> {
    await Promise.all([...this.children.values()].map((child) => child.kill()));
  }

  output(): string {
    return [...this.children.values()].map(({ name, output }) => `--- ${name}\n${output}`).join('\n');
  }

  override async dispose(): Promise<void> {
    await super.dispose();
    await Promise.all([this.mariaDb.stop(), this.redis.stop()]);
  }
}
