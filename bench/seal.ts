import { randomBytes } from 'node:crypto';

import { anonymous, deriveSealKey, isReservedHeader, openSeal, sealIdentity } from '@libs/trusted-headers';

/** What the seal costs per request, in microseconds of one core: `node dist/bench/seal.js`. */
const key = deriveSealKey(randomBytes(32), 'project-service');
const now = Date.now();
const target = { method: 'GET', path: '/projects/0198c1a2-7e4f-7c3b-9a51-0d2f6b1e8c44' };
const alice = {
  ...anonymous,
  userId: '0198c1a2-7e4f-7c3b-9a51-0d2f6b1e8c44',
  userName: 'alice',
  active: true,
  roles: ['owner', 'user'],
  scopes: ['projects:read', 'projects:write'],
  tenantId: '0198c1a2-7e50-7111-8c4d-52a6f8e3b901',
  sessionId: '0198c1a2-7e51-7d0e-b3f2-91c4a7d6e502',
  authMethod: 'jwt',
} as const;
const ids = { requestId: '0198c1a2-7e52-7f3a-8d6e-c1b5a4f39703', traceId: '4bf92f3577b34da6a3ce929d0e0e4736' };
const seal = () => sealIdentity({ ...target, ...ids, identity: alice, audience: 'project-service', key, now });

const headers = {
  host: 'project-service:3003',
  accept: 'application/json',
  'accept-encoding': 'gzip, br',
  'user-agent': 'bench/1.0',
  traceparent: `00-${ids.traceId}-00f067aa0ba902b7-01`,
  'x-forwarded-for': '203.0.113.7',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'api.example.com',
  ...seal(),
};
const clientHeaders = ['Host', 'User-Agent', 'Accept', 'Accept-Encoding', 'Authorization', 'Content-Type', 'X-User-Id'];

const subjects: Record<string, () => unknown> = {
  sealIdentity: seal,
  openSeal: () => openSeal({ ...target, headers, key, now }),
  'isReservedHeader, 7 names': () => clientHeaders.filter(isReservedHeader),
};

const rounds = 5;
const repeats = 50_000;
for (const [name, subject] of Object.entries(subjects)) {
  for (let index = 0; index < repeats; index++) subject();
  const costs = Array.from({ length: rounds }, () => {
    const start = process.hrtime.bigint();
    for (let index = 0; index < repeats; index++) subject();
    return Number(process.hrtime.bigint() - start) / 1000 / repeats;
  });
  console.log(`${name}: ${Math.min(...costs).toFixed(2)} µs (worst round ${Math.max(...costs).toFixed(2)})`);
}
