import { jest } from '@jest/globals';

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { GatewayProcess } from '../support/gateway-process.js';
import { type HttpCase, readHttpCase, type Step } from '../support/http-case.js';
import { exchangeRaw, type RawExchange } from '../support/raw-exchange.js';
import { aRecordingUpstream, type RecordingUpstream } from '../support/recording-upstream.js';
import type { CleanRequest, Reading } from '../support/strict-http.js';

jest.setTimeout(30_000);

const folder = join(import.meta.dirname, 'http-cases');
const cases = readdirSync(folder).map((file) => file.replace('.case', ''));

/** What is on its way to the service when the client has its answer: nothing, one hopes. */
const settleMs = 10;

describe('whatever bytes a client sends', () => {
  let upstream: RecordingUpstream;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    upstream = await aRecordingUpstream();
    const open = { authenticated: false };
    gateway = await GatewayProcess.start({
      limits: {
        uriBytes: '1KiB',
        headerBytes: '4KiB',
        headerCount: 50,
        bodyBytes: '1KiB',
        headersTimeout: '500ms',
        requestTimeout: '1s',
      },
      services: { echo: { instances: [{ url: upstream.url }] } },
      routes: [
        { id: 'all', host: 'api.example', path: '/**', service: 'echo', access: open },
        { id: 'all-v6', path: '/a/**', service: 'echo', access: open },
        { id: 'open', host: 'guarded.example', path: '/open/**', service: 'echo', access: open },
        { id: 'secure', host: 'guarded.example', path: '/secure/**', service: 'echo', access: { roles: ['admin'] } },
      ],
    });
  });
  afterAll(async () => {
    await gateway?.dispose();
    await upstream?.close();
  });

  it.each(cases)('%s', async (name) => {
    const { pieces, ...expected } = readHttpCase(join(folder, `${name}.case`));
    const exchange = await exchangeRaw(gateway.port, pieces);
    await wait(settleMs);
    const readings = upstream.take();

    const actual = summary(exchange, readings);
    if (!expected.outcomes.some((steps) => isOutcome(actual, steps))) {
      throw new Error(`expected ${JSON.stringify(expected.outcomes)}, got ${JSON.stringify(actual)}`);
    }
    for (const request of readings.flatMap(({ requests }) => requests)) checkDetails(request, expected);
    for (const text of expected.nowhere) expect(JSON.stringify(readings)).not.toContain(text);
  });

  it('leaves the gateway as it was', async () => {
    expect(gateway.running).toBe(true);
    expect((await fetch(`${gateway.url}/ready`)).status).toBe(200);
    expect(gateway.output).not.toMatch(/"level":"(error|fatal)"/);
  });
});

interface Summary {
  /** Statuses of the gateway's own answers, and `clean` for those of the service. */
  readonly answers: readonly string[];
  readonly clean: readonly string[];
  readonly cut: readonly string[];
  readonly dirt: readonly string[];
  readonly rest: string;
}

const summary = ({ answers, rest }: RawExchange, readings: readonly Reading[]): Summary => ({
  answers: answers.map(({ status, head }) => (/^x-from: upstream\r$/im.test(head) ? 'clean' : String(status))),
  clean: readings.flatMap(({ requests }) => requests.map(({ method, target }) => `${method} ${target}`)),
  cut: readings.flatMap(({ unfinished }) => (unfinished === undefined ? [] : [unfinished.replace(' HTTP/1.1', '')])),
  dirt: readings.flatMap(({ dirt }) => (dirt === undefined ? [] : [dirt])),
  rest,
});

function isOutcome({ answers, clean, cut, dirt, rest }: Summary, steps: readonly Step[]): boolean {
  const requests = (kind: Step['kind']): string[] =>
    steps.flatMap((step) => (step.kind === kind && step.kind !== 'refused' ? [step.request] : []));
  const statuses = steps.flatMap((step) =>
    step.kind === 'cut' ? [] : step.kind === 'clean' ? ['clean'] : [step.status],
  );
  return (
    dirt.length === 0 &&
    rest === '' &&
    // Each on a connection of its own, perhaps, so that they may overtake one another.
    isSame(clean.toSorted(), requests('clean').toSorted()) &&
    isSame(cut, requests('cut')) &&
    answers.length === statuses.length &&
    statuses.every((status, index) => new RegExp(`^${status.replaceAll('x', '\\d')}$`).test(answers[index] ?? ''))
  );
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((text, index) => text === other[index]);

function checkDetails(request: CleanRequest, { headers, noHeaders, body }: Omit<HttpCase, 'pieces'>): void {
  const names = [...request.headers, ...request.trailers].map(([name]) => name);
  for (const name of noHeaders) expect(names).not.toContain(name);
  for (const [name, value] of headers) {
    const values = request.headers.filter(([other]) => other === name).map(([, found]) => found);
    expect({ name, values }).toEqual({ name, values: [value === 'any' ? expect.any(String) : value] });
  }
  if (body !== undefined) expect(request.body).toBe(body);
}
