import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readSettings } from '@libs/config';
import { type GrpcClient, GrpcClients, type GrpcServiceDefinition } from '@libs/grpc';
import type { RunningService } from '@libs/service';
import { type Answer, aSealKey, sealedHeaders, serviceEnvironment } from '@libs/testing';
import { anonymous, type Identity } from '@libs/trusted-headers';

import { AuthSettings } from '../src/settings/settings.js';
import { startAuthService } from '../src/start.js';
import { FakeTenantService } from './fake-tenant-service.fixture.js';
import { Mailbox } from './mailbox.fixture.js';
import { MovedClock } from './moved-clock.fixture.js';

interface Call {
  readonly body?: unknown;
  /** Sent as it is, in place of `body`. */
  readonly text?: string;
  readonly as?: Identity;
  readonly headers?: Record<string, string>;
  /** False for a caller who goes around the gateway. */
  readonly sealed?: boolean;
}

/** auth-service as it runs, on free ports and with SQLite, beside a tenant-service that can be told to fail. */
export class AuthStack {
  readonly clock = new MovedClock();
  private readonly sealKey = aSealKey();
  private readonly dataDir = mkdtempSync(join(tmpdir(), 'auth-service-'));
  readonly mailbox = new Mailbox(join(this.dataDir, 'mail'));
  private readonly clients: GrpcClients[] = [];
  private service: RunningService | undefined;

  private constructor(
    readonly tenants: FakeTenantService,
    private readonly environment: Record<string, string>,
  ) {}

  static async start(environment: Record<string, string> = {}): Promise<AuthStack> {
    const stack = new AuthStack(await FakeTenantService.start(), environment);
    await stack.startService();
    return stack;
  }

  async stop(): Promise<void> {
    await this.stopService();
    this.tenants.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  async restart(changes: Record<string, string> = {}): Promise<void> {
    await this.stopService();
    await this.startService(changes);
  }

  async call(method: string, path: string, call: Call = {}): Promise<Answer> {
    const { body, text, as = anonymous, headers = {}, sealed = true } = call;
    const content = text ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(`${this.running.http}${path}`, {
      method,
      headers: {
        ...(content === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
        ...(sealed ? this.seal(method, path, as) : {}),
      },
      ...(content === undefined ? {} : { body: content }),
    });
    const answer = await response.text();
    return { status: response.status, headers: response.headers, body: answer === '' ? undefined : JSON.parse(answer) };
  }

  post(path: string, body: unknown, as?: Identity): Promise<Answer> {
    return this.call('POST', path, as === undefined ? { body } : { body, as });
  }

  /** The gRPC side, as another service calls it. */
  to<D extends GrpcServiceDefinition>(definition: D): GrpcClient<D> {
    const peers = { 'auth-service': this.running.grpc };
    const clients = new GrpcClients({ service: 'gateway', sealKey: this.sealKey, peers });
    this.clients.push(clients);
    return clients.to('auth-service', definition);
  }

  private seal(method: string, url: string, identity: Identity): Record<string, string> {
    const [path = ''] = url.split('?');
    return sealedHeaders({ audience: 'auth-service', sealKey: this.sealKey, method, path, identity });
  }

  private get running(): RunningService {
    if (this.service === undefined) throw new Error('auth-service does not run.');
    return this.service;
  }

  private async startService(changes: Record<string, string> = {}): Promise<void> {
    const settings = readSettings(AuthSettings, {
      ...serviceEnvironment({ dataDir: this.dataDir, sealKey: this.sealKey }),
      TENANT_SERVICE_GRPC: this.tenants.address,
      ...this.environment,
      ...changes,
    });
    this.service = await startAuthService(settings, this.clock);
  }

  private async stopService(): Promise<void> {
    for (const clients of this.clients.splice(0)) clients.onApplicationShutdown();
    await this.service?.stop();
    this.service = undefined;
  }
}
