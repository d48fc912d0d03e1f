import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { Client } from '../support/client.js';

const run = promisify(execFile);

export const projectName = process.env['COMPOSE_PROJECT_NAME'] ?? 'gatehouse';
const url = `https://localhost:${process.env['HTTPS_PORT'] ?? '443'}`;

export const services = ['auth-service', 'tenant-service', 'project-service', 'ecs-service'] as const;

export async function docker(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('docker', [...args], { maxBuffer: 64 * 1024 ** 2 });
  return stdout;
}

/** The stack that `docker compose up` has started in this folder. */
export const compose = (...args: readonly string[]): Promise<string> =>
  docker('compose', '--project-name', projectName, ...args);

/** Waits until every container that has a health check passes it. */
export async function untilHealthy(withinMs = 120_000): Promise<number> {
  const begunAt = performance.now();
  for (;;) {
    const states = (await compose('ps', '--format', '{{.Service}} {{.Health}}')).trim().split('\n');
    const ill = states.filter((state) => !/ (healthy)?$/.test(state));
    const tookMs = performance.now() - begunAt;
    if (ill.length === 0) return tookMs;
    if (tookMs > withinMs) throw new Error(`not healthy after ${withinMs} ms: ${ill.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

let caFile: string | undefined;

/** A customer of the stack, who trusts the certificate that nginx made for itself. */
export async function aClient(): Promise<Client> {
  if (caFile === undefined) {
    const certificate = await compose('exec', '-T', 'nginx', 'cat', '/etc/nginx/tls/tls.crt');
    caFile = join(mkdtempSync(join(tmpdir(), 'gatehouse-compose-')), 'tls.crt');
    writeFileSync(caFile, certificate);
  }
  return new Client(url, { caFile });
}
