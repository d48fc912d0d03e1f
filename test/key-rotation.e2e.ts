import { jest } from '@jest/globals';

import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

import { describeWith, until } from '@libs/testing';

import { built } from './support/built.js';
import { Client } from './support/client.js';
import { aPerson, expectStatus } from './support/flow.js';
import { Load, type LoadReport } from './support/load.js';
import { DistributedStack } from './support/stack.js';
import { StackConfiguration, withoutLimits } from './support/stack-configuration.js';

jest.setTimeout(180_000);

interface Rotated {
  readonly how: 'by command' | 'by schedule';
  readonly algorithm: 'RS256' | 'ES256' | 'EdDSA';
  readonly rotations: number;
  readonly environment: Record<string, string>;
}

/** A key is published four seconds before it signs, and signs for six or a little more. */
const bySchedule = { SIGNING_KEY_LIFETIME: '6s' };
const ways: readonly Rotated[] = [
  { how: 'by command', algorithm: 'RS256', rotations: 1, environment: {} },
  { how: 'by command', algorithm: 'EdDSA', rotations: 3, environment: { SIGNING_ALGORITHM: 'EdDSA' } },
  { how: 'by schedule', algorithm: 'RS256', rotations: 2, environment: bySchedule },
  { how: 'by schedule', algorithm: 'ES256', rotations: 2, environment: { ...bySchedule, SIGNING_ALGORITHM: 'ES256' } },
];

function rotated({ how, algorithm, rotations, environment }: Rotated): void {
  const configuration = new StackConfiguration(withoutLimits);
  let stack: DistributedStack;
  let clients: Client[];

  beforeAll(async () => {
    stack = await DistributedStack.create(2, {
      ...environment,
      // A copy of the keys may be kept for two seconds: a key is published four seconds before it signs.
      KEY_SET_MAX_AGE: '2s',
      ACCESS_TOKEN_LIFETIME: '8s',
      ...configuration.environment,
    });
    await stack.start();
    clients = stack.gateways.map((url) => new Client(url));
  });
  afterAll(async () => {
    await Promise.all(clients?.map((client) => client.close()) ?? []);
    await stack?.dispose();
    configuration.remove();
  });

  const operator = async (command: 'list' | 'rotate'): Promise<string> => {
    const { stdout } = await promisify(execFile)(process.execPath, [built('tools/signing-keys.js'), command], {
      env: {
        PATH: process.env['PATH'],
        SEAL_KEY: stack.sealKey.toString('base64url'),
        AUTH_SERVICE_GRPC: `127.0.0.1:${stack.ports('auth-service').grpc}`,
      },
    });
    return stdout;
  };
  const keyOf = (token: string): string => {
    const [header = ''] = token.split('.');
    return (JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string }).kid;
  };

  it('fail no request, at any gateway, of clients who refresh their tokens meanwhile', async () => {
    const [first] = clients as [Client, ...Client[]];
    const people = await Promise.all(Array.from({ length: 6 }, () => aPerson(first)));
    const held = people.map(({ token, refreshToken }) => ({ token, refreshToken, takenAt: performance.now() }));
    const signers = new Set(held.map(({ token }) => keyOf(token)));

    // The token is good for seven seconds at least: a client that refreshes after four has no reason to be refused.
    const loads = held.map(
      (own) =>
        new Load({ clients: 1, pauseMs: 30 }, async (n) => {
          const client = clients[n % clients.length] as Client;
          if (performance.now() - own.takenAt > 4_000) {
            const takenAt = performance.now();
            const { status, body } = await client.post('/auth/refresh', { body: { refreshToken: own.refreshToken } });
            if (status !== 200) return `refresh: ${status} ${body.code}`;
            Object.assign(own, { token: body.accessToken, refreshToken: body.refreshToken, takenAt });
            signers.add(keyOf(own.token));
          }
          const { status, body } = await client.get('/projects', { token: own.token });
          return status === 200 ? '' : `projects: ${status} ${body.code}`;
        }),
    );
    for (let n = 1; n <= rotations; n++) {
      if (how === 'by command') await operator('rotate');
      await until(
        () => signers.size,
        (seen) => seen > n,
        60_000,
      );
      await wait(1_000);
    }
    const reports: LoadReport[] = await Promise.all(loads.map((load) => load.stop()));
    expect(reports.map(({ failures }) => failures)).toEqual(reports.map(() => ({})));
    expect(reports.reduce((sum, { requests }) => sum + requests, 0)).toBeGreaterThan(150 * rotations);

    const listed = (await operator('list')).trim().split('\n');
    const states = listed.map((line) => new RegExp(`${algorithm} {2}(\\w+)`).exec(line)?.[1]);
    const published = async (): Promise<string[]> =>
      expectStatus(await first.get('/.well-known/jwks.json'), 200).body.keys.map(({ kid }: { kid: string }) => kid);
    // What has signed stays until its tokens are gone. By schedule the next one may have been made meanwhile.
    expect(await published()).toEqual(expect.arrayContaining([...signers]));
    expect(states.filter((state) => state === 'signing')).toHaveLength(1);
    if (how === 'by schedule') return;
    expect(signers.size).toBe(rotations + 1);
    expect(states).toEqual([...Array<string>(rotations).fill('retiring'), 'signing']);
    expect(await published()).toEqual(listed.map((line) => line.split(' ')[0]));
  });
}

describeWith(['mariadbd', 'redis-server'], 'signing keys that are rotated under load', () => {
  describe.each(ways)('$how, for $algorithm', (way) => {
    rotated(way);
  });
});
