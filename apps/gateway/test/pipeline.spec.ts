import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { aConfiguration } from '../src/configuration/configuration.fixture.js';
import type { GatewayConfigurationInput } from '../src/configuration/schema/gateway-configuration.schema.js';
import { createGateway } from '../src/create-gateway.js';
import { pipeline, type PipelineStage } from '../src/pipeline.js';
import { aKeyPair, aToken } from '../src/stages/authenticate/an-issuer.fixture.js';
import { AccessLogSink } from '../src/stages/observe/access-log-sink.js';
import { sealKey } from './gateway.fixture.js';
import { anUpstream, type Upstream } from './upstream.fixture.js';

type StageName = PipelineStage['stage'];

class CountedLines extends AccessLogSink {
  lines = 0;

  write(): void {
    this.lines++;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'pipeline-'));
const { publicKey, privateKey } = aKeyPair();
writeFileSync(join(folder, 'key.pem'), publicKey.export({ type: 'spki', format: 'pem' }));

let upstream: Upstream;
let release: () => void = () => undefined;

beforeAll(async () => {
  upstream = await anUpstream((request, response) => {
    if (request.url === '/held') release = () => void response.end();
    else response.end('from the service');
  });
});

afterAll(async () => {
  await upstream.close();
  rmSync(folder, { recursive: true });
});

interface Gateway {
  readonly url: string;
  readonly log: CountedLines;
}

interface Case {
  /** Shown to be gone when its line is. */
  readonly stage: StageName;
  /** Beyond a service at every path, and everybody's entry. */
  readonly configuration?: GatewayConfigurationInput;
  readonly ask: (gateway: Gateway) => Promise<unknown>;
  readonly withIt: unknown;
  readonly withoutIt: unknown;
}

const statusOf = async (url: string, init: RequestInit = {}): Promise<number> =>
  (await fetch(url, { redirect: 'manual', ...init })).status;

const toService = { path: '/**', service: 'echo' };

/** One request for each stage, whose answer shows whether it ran. */
const cases: readonly Case[] = [
  {
    stage: 'observe',
    ask: async ({ url, log }) => {
      await statusOf(`${url}/thing`);
      return log.lines;
    },
    withIt: 1,
    withoutIt: 0,
  },
  { stage: 'edge', ask: ({ url }) => statusOf(`${url}/thing`), withIt: 200, withoutIt: 400 },
  { stage: 'route', ask: ({ url }) => statusOf(`${url}/thing`), withIt: 200, withoutIt: 500 },
  {
    stage: 'answer probes',
    configuration: { addresses: { deny: ['127.0.0.1'] } },
    ask: ({ url }) => statusOf(`${url}/health`),
    withIt: 200,
    withoutIt: 403,
  },
  {
    stage: 'admit',
    configuration: { protection: { requests: 1 } },
    ask: async ({ url }) => {
      const before = upstream.requests.length;
      const held = statusOf(`${url}/held`);
      while (upstream.requests.length === before) await new Promise(setImmediate);
      const other = await statusOf(`${url}/thing`);
      release();
      await held;
      return other;
    },
    withIt: 503,
    withoutIt: 200,
  },
  {
    stage: 'limit by address',
    configuration: { addresses: { deny: ['127.0.0.1'] } },
    ask: ({ url }) => statusOf(`${url}/thing`),
    withIt: 403,
    withoutIt: 200,
  },
  {
    stage: 'authenticate',
    ask: ({ url }) => statusOf(`${url}/thing`, { headers: { authorization: 'Bearer forged' } }),
    withIt: 401,
    withoutIt: 200,
  },
  {
    stage: 'authorize',
    configuration: {
      authentication: {
        jwt: {
          issuers: [{ issuer: 'https://issuer.test', audience: 'gatehouse', publicKeyFile: join(folder, 'key.pem') }],
        },
      },
      routes: [{ id: 'all', ...toService, access: { roles: ['auditor'] } }],
    },
    ask: ({ url }) => statusOf(`${url}/thing`, { headers: { authorization: `Bearer ${aToken(privateKey)}` } }),
    withIt: 403,
    withoutIt: 200,
  },
  {
    stage: 'limit',
    configuration: {
      rateLimits: { once: { key: ['route'], quota: 1, window: '1h' } },
      routes: [{ id: 'all', ...toService, access: { authenticated: false }, rateLimits: ['once'] }],
    },
    ask: async ({ url }) => [await statusOf(`${url}/thing`), await statusOf(`${url}/thing`)],
    withIt: [200, 429],
    withoutIt: [200, 200],
  },
  {
    stage: 'answer',
    configuration: {
      routes: [{ id: 'moved', path: '/**', redirect: { to: '/new' }, access: { authenticated: false } }],
    },
    ask: ({ url }) => statusOf(`${url}/thing`),
    withIt: 307,
    withoutIt: 500,
  },
  { stage: 'balance', ask: ({ url }) => statusOf(`${url}/thing`), withIt: 200, withoutIt: 500 },
  { stage: 'forward', ask: ({ url }) => statusOf(`${url}/thing`), withIt: 200, withoutIt: 500 },
];

async function answerOf({ configuration = {}, ask }: Case, stages: readonly PipelineStage[]): Promise<unknown> {
  const nowhere = '127.0.0.1:1';
  const log = new CountedLines();
  const app = await createGateway(
    {
      configuration: aConfiguration({
        services: { echo: { instances: [{ url: upstream.url }] } },
        routes: [{ id: 'all', ...toService, access: { authenticated: false } }],
        ...configuration,
      }),
      logLevel: 'silent',
      sealKey,
      peers: {
        'auth-service': nowhere,
        'tenant-service': nowhere,
        'project-service': nowhere,
        'ecs-service': nowhere,
      },
      accessLog: log,
    },
    stages,
  );
  try {
    await app.listen(0, '127.0.0.1');
    return await ask({ url: await app.getUrl(), log });
  } finally {
    await app.close();
  }
}

describe('the pipeline of a gateway', () => {
  it('has a case here for each of its lines', () => {
    expect(cases.map(({ stage }) => stage)).toEqual(pipeline.map(({ stage }) => stage));
  });

  it.each(cases)('runs "$stage"', async (each) => {
    expect(await answerOf(each, pipeline)).toEqual(each.withIt);
  });

  it.each(cases)('does not run "$stage" without its line', async (each) => {
    const others = pipeline.filter(({ stage }) => stage !== each.stage);
    expect(await answerOf(each, others)).toEqual(each.withoutIt);
  });
});
