import { execFileSync } from 'node:child_process';

import { jest } from '@jest/globals';

import { until } from '@libs/testing';

import { projectName, untilHealthy } from './compose-stack.js';

jest.setTimeout(120_000);

interface Target {
  readonly health: string;
  readonly lastError: string;
  readonly labels: { readonly job: string; readonly instance: string };
}

interface Rule {
  readonly name: string;
  readonly type: 'alerting' | 'recording';
  readonly health: string;
  readonly state?: string;
  readonly lastError?: string;
}

const isUp = execFileSync('docker', ['compose', '--project-name', projectName, 'ps', '--services'], {
  encoding: 'utf8',
})
  .split('\n')
  .includes('prometheus');
if (!isUp) {
  const reason = 'Prometheus is not up: docker compose --profile observability up -d';
  if (process.env['CI'] === 'true') throw new Error(reason);
  process.stderr.write(`\nSKIPPED: "Prometheus of the stack" (${reason})\n`);
}

const api = `http://127.0.0.1:${process.env['PROMETHEUS_PORT'] ?? '9091'}/api/v1`;

async function ask<T>(path: string): Promise<T> {
  const answer = (await (await fetch(`${api}${path}`)).json()) as { status: string; data: T };
  if (answer.status !== 'success') throw new Error(JSON.stringify(answer));
  return answer.data;
}

const rules = async (): Promise<Rule[]> =>
  (await ask<{ groups: { rules: Rule[] }[] }>('/rules')).groups.flatMap((group) => group.rules);

(isUp ? describe : describe.skip)('Prometheus of the stack', () => {
  beforeAll(async () => void (await untilHealthy()));

  it('reaches every process through mutual TLS', async () => {
    const { activeTargets } = await until(
      () => ask<{ activeTargets: Target[] }>('/targets'),
      (given) => given.activeTargets.every(({ health }) => health === 'up'),
      60_000,
    );
    expect(activeTargets.map(({ labels }) => labels.instance).toSorted()).toEqual([
      'auth-service:9091',
      'ecs-service:9094',
      'gateway-1:9090',
      'gateway-2:9090',
      'project-service:9093',
      'tenant-service:9092',
    ]);
  });

  it('has the rules, and can evaluate each of them', async () => {
    const known = await until(rules, (all) => all.every(({ health }) => health !== 'unknown'), 60_000);
    expect(known.filter(({ health }) => health !== 'ok')).toEqual([]);
    expect(known.filter(({ type }) => type === 'alerting').length).toBeGreaterThan(15);
    expect(known.filter(({ type }) => type === 'recording').length).toBeGreaterThan(5);
  });

  it('alerts nobody of a cause while all is well, but for the one that always does', async () => {
    // The budget may still be burning by what has been done to the stack in the last hour.
    const about = (rule: Rule): boolean => rule.type === 'alerting' && !/^(ErrorBudget|SlowAnswers)/.test(rule.name);
    const firing = await until(
      async () => (await rules()).filter((rule) => about(rule) && rule.state === 'firing').map(({ name }) => name),
      (names) => names.length === 1,
      90_000,
    );
    expect(firing).toEqual(['Watchdog']);
  });
});
