import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { MemoryEventBus } from '@libs/events';
import { SigningKeyServiceService } from '@libs/grpc';
import { describeWith, startMariaDb, type TestServer, until } from '@libs/testing';

import { SigningKeyRing } from '../src/signing-keys/signing-key-ring.js';
import { SigningKeyRotation } from '../src/signing-keys/signing-key-rotation.js';
import { SigningKeySchedule } from '../src/signing-keys/signing-key-schedule.js';
import { SigningKeyStore } from '../src/signing-keys/signing-key.store.js';
import { AuthModule } from './auth-module.fixture.js';
import { AuthStack } from './auth-stack.fixture.js';
import { aPerson, claimsOf } from './person.fixture.js';
import { Verifier } from './verifier.fixture.js';

const seconds = 1_000;
const minutes = 60 * seconds;
const days = 24 * 60 * minutes;

const published = (auth: AuthModule): string[] =>
  auth.app
    .get(SigningKeyRing)
    .jwkSet()
    .keys.map(({ kid }) => kid);
const signer = (auth: AuthModule): string => auth.app.get(SigningKeyRing).signer().id;

describe('key rotation', () => {
  let auth: AuthModule;
  beforeEach(async () => {
    auth = await AuthModule.start({ SIGNING_KEY_LIFETIME: '30d' });
  });
  afterEach(() => auth.stop());

  it('publishes the next key before it signs, and the old one until its last token is gone', async () => {
    const told: string[] = [];
    const end = new MemoryEventBus().subscribe(['signing-key.rotated'], ({ payload }) => told.push(payload.keyId));
    const old = signer(auth);
    expect(published(auth)).toEqual([old]);

    await auth.app.get(SigningKeyRotation).rotate();
    const [, next = ''] = published(auth);
    expect(published(auth)).toEqual([old, next]);
    expect(signer(auth)).toBe(old);

    auth.clock.advance(7 * minutes);
    expect(signer(auth)).toBe(next);
    auth.clock.advance(10 * minutes);
    expect(published(auth)).toEqual([old, next]);

    auth.clock.advance(2 * minutes);
    expect(published(auth)).toEqual([next]);
    expect(signer(auth)).toBe(next);
    await until(
      () => told,
      (ids) => ids.includes(next),
    );
    end();
  });

  it('comes by itself when a key has signed for long enough, and not before', async () => {
    const schedule = auth.app.get(SigningKeySchedule);
    const old = signer(auth);
    auth.clock.advance(30 * days - 7 * minutes);
    await schedule.run();
    expect(published(auth)).toEqual([old]);

    auth.clock.advance(1 * minutes);
    await schedule.run();
    await schedule.run();
    expect(published(auth)).toHaveLength(2);
    expect(signer(auth)).toBe(old);
    auth.clock.advance(6 * minutes);
    expect(signer(auth)).not.toBe(old);
  });

  it('destroys the private key of a key that is published no more', async () => {
    await auth.app.get(SigningKeyRotation).rotate();
    auth.clock.advance(19 * minutes);
    await auth.app.get(SigningKeySchedule).run();
    expect((await auth.app.get(SigningKeyStore).all()).map(({ id }) => id)).toEqual([signer(auth)]);
  });
});

/** Two processes on one database, which look and act at the same moment. */
function twoProcesses(environment: () => Record<string, string>): void {
  it('make one first key, and one next key however often both are asked', async () => {
    const both = await Promise.all([AuthModule.start(environment()), AuthModule.start(environment())]);
    try {
      const [first, ...rest] = new Set(both.map(signer));
      expect(rest).toEqual([]);
      const rotations = both.flatMap((auth) => [1, 2, 3].map(() => auth.app.get(SigningKeyRotation).rotate()));
      const [next, ...others] = new Set((await Promise.all(rotations)).map(({ id }) => id));
      expect(others).toEqual([]);
      for (const auth of both) {
        await auth.app.get(SigningKeyRing).load();
        expect(published(auth)).toEqual([first, next]);
      }
    } finally {
      await Promise.all(both.map((auth) => auth.stop()));
    }
  }, 20_000);
}

describe('two processes on SQLite', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'auth-service-two-'));
  afterAll(() => rmSync(dataDir, { recursive: true }));
  twoProcesses(() => ({ DATA_DIR: dataDir }));
});

describeWith(['mariadbd', 'mariadb-install-db'], 'two processes on MariaDB', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startMariaDb();
  }, 60_000);
  afterAll(() => server.stop());
  twoProcesses(() => ({ DATABASE_URL: server.url }));
});

describe('keys rotated under load', () => {
  let stack: AuthStack;
  beforeAll(async () => {
    stack = await AuthStack.start();
  });
  afterAll(() => stack.stop());

  const rotate = () => stack.to(SigningKeyServiceService).rotateSigningKeys({}, { as: 'service' });

  it('fail no verification, whether a gateway has fetched them long ago or just before', async () => {
    const people = await Promise.all([aPerson(stack), aPerson(stack), aPerson(stack)]);
    const refreshTokens = people.map(({ refreshToken }) => refreshToken);
    const verifiers = [new Verifier(stack), new Verifier(stack)];
    const held: { token: string; until: number }[] = [];
    const signers = new Set<string>();

    await verifiers[0]?.fetch();
    stack.clock.advance(230 * seconds);
    await verifiers[1]?.fetch();
    const { keyId, signTime } = await rotate();
    expect((await rotate()).keyId).toBe(keyId);
    expect(signTime?.getTime()).toBeGreaterThan(stack.clock.now().getTime());

    let verified = 0;
    for (let step = 0; step < 50; step += 1) {
      const answers = await Promise.all(
        refreshTokens.map((token) => stack.post('/auth/refresh', { refreshToken: token })),
      );
      answers.forEach(({ body: { accessToken, refreshToken } }, at) => {
        refreshTokens[at] = refreshToken as string;
        held.push({ token: accessToken as string, until: claimsOf(accessToken as string).exp * seconds });
      });
      const live = held.filter(({ until: end }) => end > stack.clock.now().getTime() + 1 * seconds);
      for (const verifier of verifiers) {
        const ids = await Promise.all(live.map(({ token }) => verifier.verify(token)));
        for (const id of ids) signers.add(id);
        verified += ids.length;
      }
      stack.clock.advance(30 * seconds);
    }
    expect(signers.size).toBe(2);
    expect(signers).toContain(keyId);
    expect(verified).toBeGreaterThan(4_000);
    const { body } = await stack.call('GET', '/auth/.well-known/jwks.json');
    expect(body.keys.map(({ kid }: { kid: string }) => kid)).toEqual([keyId]);
  }, 60_000);

  it.each([
    { from: 'RS256', to: 'ES256', members: ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'] },
    { from: 'ES256', to: 'EdDSA', members: ['alg', 'crv', 'kid', 'kty', 'use', 'x'] },
  ])(
    'change their algorithm with the setting, from $from to $to',
    async ({ from, to, members }) => {
      const verifier = new Verifier(stack);
      await stack.restart({ SIGNING_ALGORITHM: from });
      await verifier.fetch();
      await stack.restart({ SIGNING_ALGORITHM: to });
      const { body } = await stack.call('GET', '/auth/.well-known/jwks.json');
      expect(body.keys.map(({ alg }: { alg: string }) => alg)).toEqual([from, to]);
      expect(Object.keys(body.keys[1]).toSorted()).toEqual(members);

      const before = await aPerson(stack);
      expect(await verifier.verify(before.accessToken)).toBe(body.keys[0].kid);
      stack.clock.advance(6 * minutes);
      const after = await aPerson(stack);
      expect(await verifier.verify(after.accessToken)).toBe(body.keys[1].kid);
      expect(await verifier.verify(before.accessToken)).toBe(body.keys[0].kid);
      stack.clock.advance(20 * minutes);
    },
    20_000,
  );
});
