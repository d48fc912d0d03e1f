import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { jest } from '@jest/globals';
import { parse } from 'yaml';

import { describeWith } from '@libs/testing';

import { Client } from './support/client.js';
import { EmbeddedStack } from './support/stack.js';

jest.setTimeout(120_000);

const folder = 'deploy/observability';
const ruleFiles = [`${folder}/recording-rules.yaml`, `${folder}/alerts.yaml`];

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly annotations?: { readonly runbook?: string };
}

const rules = ruleFiles.flatMap((file) =>
  (parse(readFileSync(file, 'utf8')) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules),
);
const alerts = rules.flatMap(({ alert }) => alert ?? []);
const recorded = new Set(rules.flatMap(({ record }) => record ?? []));

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}

const dashboards = globSync(`${folder}/dashboards/*.json`).map(
  (file) =>
    JSON.parse(readFileSync(file, 'utf8')) as {
      panels: Panel[];
      templating: { list: { type: string; query: string }[] };
    },
);
const asked = [
  ...rules.map(({ expr }) => expr),
  ...dashboards.flatMap(({ panels }) => panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))),
  ...dashboards.flatMap(({ templating }) =>
    templating.list
      .filter(({ type }) => type === 'query')
      .map(({ query }) => query.replace(/^label_values\((.*),.*$/, '$1')),
  ),
];

const keywords = new Set(['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan']);

/** The metrics that a PromQL expression names: what is neither a function, a label, a word of the language nor a value. */
function metricsIn(expression: string): string[] {
  const bare = expression
    .replaceAll(/"[^"]*"|'[^']*'/g, '')
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replaceAll(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ');
  return [...bare.matchAll(/(?<![\w:.])([a-zA-Z_:][\w:]*)(?!\s*\(|[\w:])/g)]
    .map(([, name = '']) => name)
    .filter((name) => !keywords.has(name.toLowerCase()));
}

describe('what operators are given', () => {
  let stack: EmbeddedStack;
  let client: Client;
  const scrape = async (url: string): Promise<string> => (await fetch(`${url}/actuator/prometheus`)).text();

  beforeAll(async () => {
    stack = await EmbeddedStack.create();
    await stack.start();
    client = new Client(stack.gateways[0] as string);
    await client.get('/public/status');
  });
  afterAll(async () => {
    await client?.close();
    await stack?.dispose();
  });

  it('asks only for metrics that there are', async () => {
    const management = `http://127.0.0.1:${stack.ports('project-service').management}`;
    const text = `${await scrape(stack.management)}\n${await scrape(management)}`;
    const exported = new Set(['up', ...recorded]);
    for (const [, name = '', type = ''] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
      exported.add(name);
      if (type === 'histogram') for (const part of ['bucket', 'count', 'sum']) exported.add(`${name}_${part}`);
      if (type === 'summary') for (const part of ['count', 'sum']) exported.add(`${name}_${part}`);
    }
    const named = [...new Set(asked.flatMap(metricsIn))].toSorted();
    expect(named.length).toBeGreaterThan(25);
    expect(named.filter((name) => !exported.has(name))).toEqual([]);
  });

  it('shows every metric of ours in the reference', async () => {
    const text = await scrape(stack.management);
    const page = readFileSync('docs/operations.md', 'utf8');
    const own = [
      ...text.matchAll(/^# TYPE ((?:gateway|cache|certificate|clock|trace|redis|database|health|http|grpc)_\w+) /gm),
    ].map(([, name = '']) => name);
    const isShown = (name: string): boolean =>
      page.includes(name) ||
      (name.startsWith('gateway_configuration_') && page.includes(name.slice('gateway_configuration'.length)));
    expect(own.filter((name) => !isShown(name))).toEqual([]);
  });

  it('explains every alert, and no other', () => {
    const page = readFileSync('docs/operations.md', 'utf8');
    const [, section = ''] = /\n## Alerts\n([^]*?)\n## /.exec(page) ?? [];
    const [, ...parts] = section.split(/^### /m);
    expect(parts.map((part) => part.split('\n', 1)[0]).toSorted()).toEqual(alerts.toSorted());
    for (const part of parts)
      expect(part).toMatch(/^\w+\n\n- \*\*Means:\*\* [^]*\n- \*\*See:\*\* [^]*\n- \*\*Do:\*\* /);
    const titles = dashboards.flatMap(({ panels }) => panels.map(({ title }) => title));
    const named = [...section.matchAll(/(?<!\*)\*([^*]+)\*(?!\*)/g)].map(([, name = '']) => name.replaceAll('\n', ' '));
    expect(named.filter((name) => !titles.some((title) => title.startsWith(name)))).toEqual(['italics']);
    for (const { alert, annotations } of rules) {
      if (alert !== undefined) expect(annotations?.runbook).toBe(`docs/operations.md#${alert.toLowerCase()}`);
    }
  });

  it('has no more series for 100,000 paths than for a few, and is read in a moment', async () => {
    const seriesIn = (text: string): number =>
      text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
    const random = (index: number): string => `/${(index * 2_654_435_761).toString(36)}/${index}`;
    const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'PROPFIND'];
    const worker = async (first: number): Promise<void> => {
      for (let index = first; index < 100_000; index += 64) {
        const path = index % 3 === 0 ? `/projects${random(index)}` : random(index);
        await client.call(methods[index % methods.length] as string, path);
      }
    };
    await Promise.all(Array.from({ length: 64 }, (_, first) => worker(first)));

    const text = await scrape(stack.management);
    const counted = [...text.matchAll(/^http_server_requests_seconds_count\{.*\} (\d+)$/gm)].map(([, count]) =>
      Number(count),
    );
    expect(counted.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(100_000);
    expect(seriesIn(text)).toBeLessThan(2_000);

    const times: number[] = [];
    for (let turn = 0; turn < 30; turn++) {
      const startedAt = performance.now();
      await scrape(stack.management);
      times.push(performance.now() - startedAt);
    }
    const median = times.toSorted((a, b) => a - b)[15] as number;
    expect(median).toBeLessThan(50);
  });
});

describeWith(['promtool'], 'the rules', () => {
  async function judge(series: readonly object[], interval: string, expected: readonly object[]): Promise<void> {
    const cases = {
      rule_files: [join(process.cwd(), `${folder}/alerts.yaml`)],
      evaluation_interval: interval,
      tests: [{ interval, input_series: series, promql_expr_test: expected }],
    };
    const made = mkdtempSync(join(tmpdir(), 'gatehouse-rules-'));
    try {
      writeFileSync(join(made, 'cases.yaml'), JSON.stringify(cases));
      const { stdout } = await promisify(execFile)('promtool', ['test', 'rules', join(made, 'cases.yaml')]);
      expect(stdout).toMatch(/SUCCESS/);
    } finally {
      rmSync(made, { recursive: true, force: true });
    }
  }

  it('are rules to Prometheus', async () => {
    const { stdout } = await promisify(execFile)('promtool', ['check', 'rules', ...ruleFiles]);
    expect(stdout.match(/SUCCESS/g)).toHaveLength(ruleFiles.length);
  });

  it('tell of a certificate that was not replaced, long before it expires', async () => {
    const cert = (lifetimeDays: number): string => `file="/${lifetimeDays}.crt",instance="a"`;
    const firing = (evalTime: string, ...expected: (readonly [name: string, lifetimeDays: number])[]): object => ({
      expr: 'ALERTS{alertstate="firing",alertname=~"CertificateExpires.*"}',
      eval_time: evalTime,
      exp_samples: expected.map(([name, lifetimeDays]) => {
        const severity = name === 'CertificateExpires' ? 'ticket' : 'page';
        const labels = `alertname="${name}",alertstate="firing",${cert(lifetimeDays)},severity="${severity}"`;
        return { labels: `ALERTS{${labels}}`, value: 1 };
      }),
    });
    // A day that nobody renews, and three months of which there is half a month left.
    const step = 5 / (24 * 60);
    const series = [
      { series: `certificate_days_left{${cert(1)}}`, values: `1-${step}x287` },
      { series: `certificate_lifetime_days{${cert(1)}}`, values: '1x287' },
      { series: `certificate_days_left{${cert(90)}}`, values: `14.75-${step}x287` },
      { series: `certificate_lifetime_days{${cert(90)}}`, values: '90x287' },
    ];
    const [ticket, page] = ['CertificateExpires', 'CertificateExpiresSoon'];
    await judge(series, '5m', [
      firing('12h'),
      firing('16h', [ticket, 1]),
      firing('21h', [ticket, 1], [ticket, 90], [page, 1]),
    ]);
  });

  it('tell of a follower that stands still, and not of one that is busy with a large ending', async () => {
    const firing = (evalTime: string, sources: readonly string[]): object => ({
      expr: 'ALERTS{alertstate="firing",alertname="EndingsStandStill"}',
      eval_time: evalTime,
      exp_samples: sources.map((source) => {
        const labels = `alertname="EndingsStandStill",alertstate="firing",service="ecs",severity="ticket",source="${source}"`;
        return { labels: `ALERTS{${labels}}`, value: 1 };
      }),
    });
    const of = (source: string) => `instance="a",service="ecs",source="${source}"`;
    // One stands, one fails with one of many, one works off a large one for half an hour.
    const series = [
      { series: `endings_still_seconds{${of('stands')}}`, values: '0+60x90' },
      { series: `endings_still_seconds{${of('fails')}}`, values: '1x90' },
      { series: `endings_oldest_seconds{${of('fails')}}`, values: '0+60x90' },
      { series: `endings_still_seconds{${of('busy')}}`, values: '1x90' },
      { series: `endings_oldest_seconds{${of('busy')}}`, values: '0+60x30 0x60' },
    ];
    await judge(series, '1m', [
      firing('5m', []),
      firing('8m', ['stands']),
      firing('59m', ['stands']),
      firing('63m', ['fails', 'stands']),
    ]);
  });

  it('tell of a target that is gone, and always that somebody watches', async () => {
    const jobs = ['gateway', 'auth-service', 'tenant-service', 'project-service', 'ecs-service'];
    const firing = (evalTime: string, gone: readonly string[]): object => ({
      expr: 'ALERTS{alertstate="firing",alertname=~"TargetGone|Watchdog"}',
      eval_time: evalTime,
      exp_samples: [
        'ALERTS{alertname="Watchdog",alertstate="firing",severity="none"}',
        ...gone.map(
          (job) => `ALERTS{alertname="TargetGone",alertstate="firing",job="gatehouse-${job}",severity="page"}`,
        ),
      ].map((labels) => ({ labels, value: 1 })),
    });
    // One stays; the others are taken out of the list of targets after 20 minutes.
    const series = jobs.map((job, at) => ({
      series: `up{job="gatehouse-${job}"}`,
      values: at === 0 ? '1x60' : '1x20 stale',
    }));
    await judge(series, '1m', [firing('15m', []), firing('40m', jobs.slice(1))]);
  });
});
