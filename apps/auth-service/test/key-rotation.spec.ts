import { MemoryEventBus } from '@libs/redis';

import { SigningKeyRing } from '../src/signing-keys/signing-key-ring.js';
import { SigningKeyRotation } from '../src/signing-keys/signing-key-rotation.js';
import { AuthModule } from './auth-module.fixture.js';
import { until } from './until.fixture.js';

const minutes = 60_000;

let auth: AuthModule;
beforeAll(async () => {
  auth = await AuthModule.start();
});
afterAll(() => auth.stop());

describe('key rotation', () => {
  it('publishes the next key before it signs, and the old one until its last token is gone', async () => {
    const ring = auth.app.get(SigningKeyRing);
    const published = (): string[] => ring.jwkSet().keys.map(({ kid }) => kid);
    const told: string[] = [];
    const end = new MemoryEventBus().subscribe(['signing-key.rotated'], ({ payload }) => told.push(payload.keyId));
    const old = ring.signer().id;
    expect(published()).toEqual([old]);

    await auth.app.get(SigningKeyRotation).rotate();
    const [, next = ''] = published();
    expect(published()).toEqual([old, next]);
    expect(ring.signer().id).toBe(old);

    auth.clock.advance(7 * minutes);
    expect(ring.signer().id).toBe(next);
    expect(published()).toEqual([old, next]);

    auth.clock.advance(12 * minutes);
    expect(published()).toEqual([next]);
    expect(ring.signer().id).toBe(next);
    expect(
      await until(
        () => Promise.resolve(told),
        ({ length }) => length > 0,
      ),
    ).toEqual([next]);
    end();
  });
});
