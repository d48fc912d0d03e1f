import { jest } from '@jest/globals';

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { issueCertificate, makeAuthority } from '@libs/certificates';
import { identityUri } from '@libs/mutual-tls';

import { docker, projectName, untilHealthy } from './compose-stack.js';

jest.setTimeout(120_000);

const ports = [
  { service: 'auth-service', http: 3001, grpc: 5001, management: 9091 },
  { service: 'tenant-service', http: 3002, grpc: 5002, management: 9092 },
  { service: 'project-service', http: 3003, grpc: 5003, management: 9093 },
  { service: 'ecs-service', http: 3004, grpc: 5004, management: 9094 },
];
const http = ports.map((each) => `http,${each.service},${each.http},/ready`);
const grpc = ports.map((each) => `grpc,${each.service},${each.grpc}`);
const management = [
  ...ports.map((each) => `http,${each.service},${each.management},/actuator/metrics`),
  'http,gateway-1,9090,/actuator/metrics',
];

interface Knock {
  readonly target: string;
  readonly plain: string;
  readonly secure: string;
}

/** Knocks from a container of its own, which has the certificates in a folder or volume, or none. */
async function knock(certificates: string | undefined, targets: readonly string[]): Promise<Knock[]> {
  const mounts = ['--volume', `${resolve('test/compose/knock.mjs')}:/knock.mjs:ro`];
  if (certificates !== undefined) mounts.push('--volume', `${certificates}:/certificates:ro`);
  const said = await docker(
    'run',
    '--rm',
    '--network',
    `${projectName}_inside`,
    ...mounts,
    'gatehouse:local',
    'node',
    '/knock.mjs',
    certificates === undefined ? '-' : '/certificates',
    ...targets,
  );
  return said
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const nothing = (knocks: readonly Knock[]) => knocks.map((each) => ({ ...each, plain: 'refused', secure: 'refused' }));

describe('the ports inside the stack', () => {
  let stranger: string;
  beforeAll(async () => {
    await untilHealthy();
    stranger = mkdtempSync(join(tmpdir(), 'gatehouse-stranger-'));
    const authority = await makeAuthority('Gatehouse internal', { now: Date.now(), lifetimeMs: 3_600_000 });
    const request = { name: 'gateway', uri: identityUri('gateway'), now: Date.now(), lifetimeMs: 3_600_000 };
    const { certificate, privateKey } = await issueCertificate(authority, request);
    // It trusts the stack's own authority, so that only the stack can be who refuses.
    const ours = await docker('run', '--rm', '--volume', `${projectName}_gateway-certificates:/c:ro`, 'gatehouse:local', 'cat', '/c/ca.crt'); // prettier-ignore
    writeFileSync(join(stranger, 'ca.crt'), ours);
    writeFileSync(join(stranger, 'tls.crt'), certificate);
    writeFileSync(join(stranger, 'tls.key'), privateKey, { mode: 0o644 });
    await docker('run', '--rm', '--user', 'root', '--volume', `${stranger}:/c`, 'gatehouse:local', 'chmod', '-R', 'a+rX', '/c'); // prettier-ignore
  });
  afterAll(() => rmSync(stranger, { recursive: true, force: true }));

  it('answer whoever is listed, over TLS alone', async () => {
    const knocks = await knock(`${projectName}_gateway-certificates`, [...http, 'grpc,auth-service,5001', 'grpc,tenant-service,5002']); // prettier-ignore
    expect(knocks).toEqual(knocks.map((each) => ({ ...each, plain: 'refused', secure: '200' })));
    const [watched] = await knock(`${projectName}_prometheus-certificates`, [management[0] as string]);
    expect(watched).toMatchObject({ plain: 'refused', secure: '200' });
  });

  it('refuse a certificate of another authority, whatever it says', async () => {
    const knocks = await knock(stranger, [...http, ...grpc, ...management]);
    expect(knocks).toEqual(nothing(knocks));
  });

  it('refuse whoever has no certificate, and plain text', async () => {
    const knocks = await knock(undefined, [...http, ...grpc]);
    expect(knocks).toEqual(nothing(knocks));
    const watched = await knock(undefined, management);
    expect(watched).toEqual(watched.map((each) => ({ ...each, plain: 'refused', secure: '403' })));
  });

  it('refuse a service of ours that is not listed', async () => {
    const unlisted = [...http, 'grpc,project-service,5003', 'grpc,ecs-service,5004'];
    const knocks = await knock(`${projectName}_tenant-certificates`, unlisted);
    expect(knocks).toEqual(nothing(knocks));
  });
});
