import { jest } from '@jest/globals';

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { until } from '@libs/testing';

import { built } from './support/built.js';
import { everythingTo, GatewayProcess } from './support/gateway-process.js';
import { readMetric } from './support/prometheus.js';

jest.setTimeout(120_000);

const minuteInDays = 1 / 1440;

describe('certificates of a few minutes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-issued-'));
  const file = (name: string): string => join(folder, 'gateway', name);
  let gateway: GatewayProcess;

  /** What is there is replaced. */
  function issue(minutes: number): void {
    rmSync(file('tls.crt'), { force: true });
    const tool = built('tools/issue-certificates.js');
    execFileSync(process.execPath, [tool, folder, '--once', '--lifetime-minutes', String(minutes)]);
  }
  const readiness = async (): Promise<[number, string | undefined]> => {
    const answer = await fetch(`${gateway.url}/ready`);
    const { components } = (await answer.json()) as { components: Record<string, { status: string }> };
    return [answer.status, components['certificate']?.status];
  };
  const daysLeft = (name: string): Promise<number> =>
    readMetric(gateway.management, 'certificate_days_left', { file: file(name) });

  beforeAll(async () => {
    issue(5);
    gateway = await GatewayProcess.start(everythingTo(['http://127.0.0.1:1']), {
      env: { TLS_CA_FILE: file('ca.crt'), TLS_CERT_FILE: file('tls.crt'), TLS_KEY_FILE: file('tls.key') },
    });
  });
  afterAll(async () => {
    await gateway?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are known to the process that has them: how long they last, and that all is well', async () => {
    expect(await readiness()).toEqual([200, 'UP']);
    expect(await daysLeft('tls.crt')).toBeLessThanOrEqual(5 * minuteInDays);
    expect(await daysLeft('tls.crt')).toBeGreaterThan(0);
    expect(await daysLeft('ca.crt')).toBeGreaterThan(300);
  });

  it('make it not ready when they are over, and it says so', async () => {
    issue(0.02);
    expect(await until(readiness, ([status]) => status === 503, 30_000)).toEqual([503, 'DOWN']);
    expect(await daysLeft('tls.crt')).toBeLessThan(0);
    const said = gateway.output.split('\n').filter((line) => line.includes('"component":"certificate"'));
    expect(said).toEqual([expect.stringMatching(/"msg":"not ready".*tls\.crt has expired/)]);
  });

  it('and ready again when there are others', async () => {
    issue(5);
    expect(await until(readiness, ([status]) => status === 200, 30_000)).toEqual([200, 'UP']);
  });
});
