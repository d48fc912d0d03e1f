import { jest } from '@jest/globals';

import { ComparedClock } from '@libs/clock';

import type { IssuerConfig } from '../../../configuration/schema/authentication.schema.js';
import type { Snapshot } from '../../../runtime/snapshot.js';
import { Snapshots } from '../../../runtime/snapshots.js';
import { aRequest, aSnapshot } from '../a-request.fixture.js';
import { aKeyPair, aToken, FixedKeys, issuerConfig } from '../an-issuer.fixture.js';
import { ConfiguredTokens } from './configured-tokens.js';

const { publicKey, privateKey } = aKeyPair();
const first: IssuerConfig = { ...issuerConfig, publicKeyFile: undefined, jwksUrl: 'https://first.test/keys' };
const second: IssuerConfig = { ...first, issuer: 'https://second.test', jwksUrl: 'https://second.test/keys' };
const ofFirst = aToken(privateKey);
const ofSecond = aToken(privateKey, { iss: second.issuer });

const trusting = (...issuers: IssuerConfig[]): Snapshot => {
  const snapshot = aSnapshot();
  const { configuration } = snapshot;
  const authentication = { ...configuration.authentication, jwt: { issuers } };
  return { ...snapshot, configuration: { ...configuration, authentication } };
};

class ClosableKeys extends FixedKeys {
  isClosed = false;
  override close(): void {
    this.isClosed = true;
  }
}

function theTokens(snapshot: Snapshot) {
  const made: { issuer: string; keys: ClosableKeys }[] = [];
  const snapshots = new Snapshots(snapshot);
  const tokens = new ConfiguredTokens(
    snapshots,
    (config) => {
      const keys = new ClosableKeys({ 'key-1': publicKey });
      made.push({ issuer: config.issuer, keys });
      return { config, keys };
    },
    new ComparedClock(),
  );
  const verify = (token: string, of: Snapshot = snapshots.current) =>
    tokens.verify(token, aRequest({ snapshot: of, headers: { authorization: `Bearer ${token}` } }).execution);
  return { made, snapshots, tokens, verify };
}

describe('ConfiguredTokens', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'performance', 'Date'] });
  });
  afterEach(() => jest.useRealTimers());

  it('takes the tokens of an issuer from the moment on in which its configuration is in force, and no longer', async () => {
    const { snapshots, tokens, verify } = theTokens(trusting(first));
    await verify(ofFirst);
    await expect(verify(ofSecond)).rejects.toMatchObject({ code: 'AUTH_CREDENTIALS_REJECTED' });

    snapshots.swap(trusting(first, second));
    await verify(ofFirst);
    await verify(ofSecond);

    const before = snapshots.current;
    snapshots.swap(trusting(second));
    await verify(ofSecond);
    // Known from before, and refused all the same.
    await expect(verify(ofFirst)).rejects.toMatchObject({ code: 'AUTH_CREDENTIALS_REJECTED' });
    // A request goes to its end by the configuration that it came in with.
    expect(await verify(ofFirst, before)).toMatchObject({ subject: 'user-alice' });
    tokens.onApplicationShutdown();
  });

  it('keeps the keys of issuers that stay, and lets go of the others when nobody can need them any more', async () => {
    const { made, snapshots, tokens, verify } = theTokens(trusting(first));
    await verify(ofFirst);
    snapshots.swap(trusting(first));
    snapshots.swap(trusting(first, second));
    snapshots.swap(trusting(second));
    await verify(ofSecond);
    expect(made.map(({ issuer }) => issuer)).toEqual([first.issuer, second.issuer]);
    expect(made.map(({ keys }) => keys.isClosed)).toEqual([false, false]);
    jest.advanceTimersByTime(60_000);
    expect(made.map(({ keys }) => keys.isClosed)).toEqual([true, false]);
    await verify(ofSecond);
    tokens.onApplicationShutdown();
    expect(made.map(({ keys }) => keys.isClosed)).toEqual([true, true]);
  });

  it('verifies each token once, across configurations that do not change its issuer', async () => {
    const { made, snapshots, tokens, verify } = theTokens(trusting(first));
    const finds = jest.spyOn(made[0]?.keys as ClosableKeys, 'find');
    await verify(ofFirst);
    snapshots.swap(trusting(first));
    await verify(ofFirst);
    expect(finds).toHaveBeenCalledTimes(1);
    tokens.onApplicationShutdown();
  });
});
