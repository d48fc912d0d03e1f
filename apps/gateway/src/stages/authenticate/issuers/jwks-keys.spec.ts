import type { KeyObject } from 'node:crypto';

import { until } from '@libs/testing';

import type { PublicKey } from './key-source.js';
import { aKeyPair } from '../an-issuer.fixture.js';
import { JwksKeys } from './jwks-keys.js';

const one = aKeyPair().publicKey;
const two = aKeyPair().publicKey;
const published = (keys: Readonly<Record<string, KeyObject>>, rest: object = {}) => ({
  keys: Object.entries(keys).map(([kid, key]) => ({ ...key.export({ format: 'jwk' }), kid, use: 'sig', ...rest })),
});

const is = (wanted: KeyObject, { key }: PublicKey): boolean => key.equals(wanted);

describe('JwksKeys', () => {
  let now: number;
  let maxAgeMs: number;
  let fetches: number;
  let answer: () => Promise<unknown>;
  let keys: JwksKeys;

  beforeEach(() => {
    now = 0;
    maxAgeMs = 0;
    fetches = 0;
    answer = () => Promise.resolve(published({ one }));
    const fetch = async () => {
      fetches++;
      return { value: await answer(), maxAgeMs };
    };
    keys = new JwksKeys({ algorithms: ['RS256'], fetch, clock: () => now, logger: { warn: () => undefined } });
  });
  afterEach(() => keys.close());

  it('fetches the keys once, for all who wait', async () => {
    const found = await Promise.all([keys.find('one'), keys.find('one')]);
    expect(found.map((key) => is(one, key))).toEqual([true, true]);
    expect(fetches).toBe(1);
  });

  it('takes the only key when the token names none, and none of several', async () => {
    expect(is(one, await keys.find(undefined))).toBe(true);
    answer = () => Promise.resolve(published({ one, two }));
    await keys.refresh();
    await expect(keys.find(undefined)).rejects.toMatchObject({ code: 'AUTH_CREDENTIALS_REJECTED' });
  });

  it('fetches again for an id that it does not know, but not for every one', async () => {
    await keys.find('one');
    await expect(keys.find('two')).rejects.toMatchObject({ code: 'AUTH_CREDENTIALS_REJECTED' });
    expect(fetches).toBe(1);

    answer = () => Promise.resolve(published({ one, two }));
    now = 5_000;
    expect(is(two, await keys.find('two'))).toBe(true);
    expect(fetches).toBe(2);
  });

  it('fetches no copy for an unknown id that is fresh by its own word, up to five minutes', async () => {
    maxAgeMs = 24 * 3_600_000;
    await keys.find('one');
    answer = () => Promise.resolve(published({ one, two }));
    now = 299_999;
    await expect(keys.find('two')).rejects.toMatchObject({ code: 'AUTH_CREDENTIALS_REJECTED' });
    expect(fetches).toBe(1);
    now = 300_000;
    expect(is(two, await keys.find('two'))).toBe(true);
  });

  it('fetches again by itself before a copy is stale', async () => {
    maxAgeMs = 50;
    await keys.find('one');
    await until(
      () => fetches,
      (count) => count >= 3,
    );
  });

  it('binds a key to the algorithm that its owner names', async () => {
    answer = () => Promise.resolve(published({ one }, { alg: 'RS256' }));
    expect(await keys.find('one')).toMatchObject({ algorithm: 'RS256' });
  });

  it('takes a key that may verify among other things', async () => {
    answer = () => Promise.resolve(published({ one }, { key_ops: ['sign', 'verify'] }));
    expect(is(one, await keys.find('one'))).toBe(true);
  });

  it.each([{ key_ops: ['encrypt'] }, { use: 'enc' }, { alg: 'RS512' }, { alg: 'RS256' }])(
    'tells that a key has gone whose owner says something else of it now, %p',
    async (rest) => {
      let withdrawals = 0;
      keys.onWithdrawal(() => withdrawals++);
      await keys.find('one');
      answer = () => Promise.resolve(published({ one }, rest));
      await keys.refresh();
      expect(withdrawals).toBe(1);
    },
  );

  it('keeps the keys that it has when it cannot fetch', async () => {
    await keys.find('one');
    answer = () => Promise.reject(new Error('connection refused'));
    await keys.refresh();
    expect(is(one, await keys.find('one'))).toBe(true);
    await expect(keys.find('two')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it.each([
    { what: 'is away', wrong: () => Promise.reject(new Error('connection refused')) },
    { what: 'answers something else', wrong: () => Promise.resolve({ hello: 'world' }) },
  ])('calls it an outage when the issuer $what, and tries again soon', async ({ wrong }) => {
    const right = answer;
    answer = wrong;
    await expect(keys.find('one')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await expect(keys.find('one')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(fetches).toBe(1);
    answer = right;
    now = 1_000;
    expect(is(one, await keys.find('one'))).toBe(true);
  });

  it.each([
    { what: 'of another use', rest: { use: 'enc' } },
    { what: 'of a use that is no text', rest: { use: ['sig'] } },
    { what: 'of no use', rest: { use: null } },
    { what: 'for other operations', rest: { key_ops: ['encrypt', 'wrapKey'] } },
    { what: 'that may sign only', rest: { key_ops: ['sign'] } },
    { what: 'for no operation', rest: { key_ops: [] } },
    { what: 'whose operations are no list', rest: { key_ops: 'verify' } },
    { what: 'whose use and operations contradict each other', rest: { use: 'enc', key_ops: ['verify'] } },
    { what: 'whose algorithm is no text', rest: { alg: ['RS256'] } },
    { what: 'whose algorithm is null', rest: { alg: null } },
    { what: 'of another algorithm', rest: { alg: 'RS512' } },
    { what: 'of a symmetric kind', rest: { kty: 'oct', k: 'c2VjcmV0' } },
    { what: 'that cannot be read', rest: { n: 42 } },
  ])('leaves out a key $what', async ({ rest }) => {
    answer = () => Promise.resolve(published({ one }, rest));
    await expect(keys.find('one')).rejects.toMatchObject({ code: 'AUTH_CREDENTIALS_REJECTED' });
  });

  it('tells of a key that is gone, and not of one that came', async () => {
    let withdrawals = 0;
    keys.onWithdrawal(() => withdrawals++);
    await keys.find('one');
    answer = () => Promise.resolve(published({ one, two }));
    await keys.refresh();
    expect(withdrawals).toBe(0);
    answer = () => Promise.resolve(published({ two }));
    await keys.refresh();
    expect(withdrawals).toBe(1);
  });
});
