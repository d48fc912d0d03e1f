import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from '@libs/testing';

import { built } from './built.js';
import { Child } from './child.js';
import { readMetric } from './prometheus.js';

/** A configuration as it is written in YAML, without the ports: those are the test's. */
export type WrittenConfiguration = Record<string, unknown>;

export interface GatewayProcessOptions {
  readonly env?: Record<string, string>;
  readonly name?: string;
}

/** The gateway alone, as `npm run gateway -- --config my.yaml` starts it: no database, no Redis, nobody's services. */
export class GatewayProcess {
  private child: Child | undefined;
  private readonly folder = mkdtempSync(join(tmpdir(), 'gatehouse-gateway-'));
  readonly configFile = join(this.folder, 'my.yaml');

  private constructor(
    readonly port: number,
    private readonly managementPort: number,
    private readonly options: GatewayProcessOptions,
  ) {}

  static async start(
    configuration: WrittenConfiguration,
    options: GatewayProcessOptions = {},
  ): Promise<GatewayProcess> {
    const gateway = new GatewayProcess(await freePort(), await freePort(), options);
    gateway.write(configuration);
    try {
      await gateway.startAgain();
      return gateway;
    } catch (error) {
      await gateway.dispose();
      throw error;
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get management(): string {
    return `http://127.0.0.1:${this.managementPort}`;
  }

  get output(): string {
    return this.child?.output ?? '';
  }

  get running(): boolean {
    return this.child?.running ?? false;
  }

  /** Puts another configuration in the place of the file at once, as an editor or a deployment does. */
  write(configuration: WrittenConfiguration): void {
    const next = `${this.configFile}.next`;
    // JSON is YAML.
    writeFileSync(next, JSON.stringify(this.complete(configuration), undefined, 1));
    renameSync(next, this.configFile);
  }

  /** With the ports of this gateway. */
  complete({ listen = {}, management = {}, ...rest }: WrittenConfiguration): WrittenConfiguration {
    return {
      ...rest,
      listen: { host: '127.0.0.1', port: this.port, ...(listen as object) },
      management: { host: '127.0.0.1', port: this.managementPort, ...(management as object) },
    };
  }

  /** On the same ports, with whatever the configuration file says now. */
  async startAgain(): Promise<void> {
    const { name = 'gateway', env = {} } = this.options;
    const environment = { LOG_LEVEL: 'warn', DATA_DIR: join(this.folder, 'data'), ...env };
    this.child = new Child(name, built('apps/gateway/src/main.js'), environment, ['--config', this.configFile]);
    await this.child.ready(`${this.management}/ready`);
  }

  async stop(): Promise<{ code: number | null; tookMs: number }> {
    return (await this.child?.stop()) ?? { code: 0, tookMs: 0 };
  }

  /** Holds it up, or lets it go on: what a machine does that has no time for it. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    if (this.child?.running === true) process.kill(this.child.pid, signal);
  }

  async dispose(): Promise<void> {
    await this.child?.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Memory that the process holds, in bytes. */
  residentBytes(): number {
    const status = readFileSync(`/proc/${this.child?.pid ?? 0}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  }

  /** The sum of all series of a metric whose labels hold `where`. */
  metric(name: string, where: Record<string, string> = {}): Promise<number> {
    return readMetric(this.management, name, where);
  }
}

/** Routes everything to the instances, without asking who calls. */
export const everythingTo = (urls: readonly string[], service: object = {}): WrittenConfiguration => ({
  services: { echo: { instances: urls.map((url) => ({ url })), ...service } },
  routes: [{ id: 'all', path: '/**', service: 'echo', access: { authenticated: false } }],
});
