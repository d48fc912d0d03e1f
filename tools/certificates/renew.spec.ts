import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { identities } from '@libs/mutual-tls';

import { AuthorityStore } from './authority-store.js';
import { renewCertificates } from './renew.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const begin = Date.parse('2030-01-01T00:00:00Z');

describe('renewCertificates', () => {
  let folder: string;
  let store: AuthorityStore;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'issuer-'));
    store = new AuthorityStore(folder);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const round = (now: number) => renewCertificates({ folder, store, leafLifetimeMs: dayMs, now });
  const leafOf = (name: string) => new X509Certificate(readFileSync(join(folder, name, 'tls.crt')));
  const bundleOf = (name: string) =>
    readFileSync(join(folder, name, 'ca.crt'), 'utf8')
      .split(/(?<=-----END CERTIFICATE-----\n)/)
      .map((pem) => new X509Certificate(pem));
  const isTrusted = (name: string) => bundleOf(name).some((ca) => leafOf(name).verify(ca.publicKey));

  it('gives everybody a certificate that says who it is', async () => {
    expect(await round(begin)).toEqual(identities);
    const leaf = leafOf('auth-service');
    expect(leaf.subjectAltName).toBe('URI:spiffe://gatehouse/auth-service, DNS:auth-service');
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
    expect([leaf.ca, bundleOf('auth-service').map(({ ca }) => ca)]).toEqual([false, [true]]);
    expect(isTrusted('auth-service')).toBe(true);
  });

  it('leaves it alone while half of its life is left, then makes another with another key', async () => {
    await round(begin);
    const first = leafOf('gateway');
    expect(await round(begin + 11 * hourMs)).toEqual([]);
    expect(await round(begin + 13 * hourMs)).toEqual(identities);
    expect(leafOf('gateway').publicKey.equals(first.publicKey)).toBe(false);
  });

  it('replaces its authority without a moment in which somebody cannot check somebody', async () => {
    await round(begin);
    const [first] = bundleOf('gateway');
    await store.add(begin + hourMs);
    const signedByFirst = () => leafOf('gateway').verify((first as X509Certificate).publicKey);

    await round(begin + 2 * hourMs);
    expect([bundleOf('gateway').length, signedByFirst()]).toEqual([2, true]);
    await round(begin + 26 * hourMs);
    expect([bundleOf('gateway').length, signedByFirst()]).toEqual([2, false]);
    await round(begin + 50 * hourMs);
    expect([bundleOf('gateway').length, isTrusted('gateway')]).toEqual([1, true]);
    expect(readdirSync(join(folder, 'authority'))).toHaveLength(2);
  });

  it('begins that by itself when the authority has half of its life behind it', async () => {
    await round(begin);
    await round(begin + 183 * dayMs);
    expect([bundleOf('gateway').length, isTrusted('gateway')]).toEqual([2, true]);
  });
});
