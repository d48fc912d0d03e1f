import { type Authority, issueCertificate, makeAuthority } from '@libs/certificates';

import {
  certificatesInUse,
  ownCertificatesAreGood,
  shownCertificate,
  trustedAuthorities,
  useCertificates,
} from './used-certificates.js';

const hourMs = 3_600_000;
const now = Date.parse('2030-01-01T00:00:00Z');

describe('the certificates that a process uses', () => {
  let short: Authority;
  let long: Authority;
  beforeAll(async () => {
    // Of one name, as an authority and the one that follows it.
    short = await makeAuthority('Test', { now, lifetimeMs: hourMs });
    long = await makeAuthority('Test', { now, lifetimeMs: 100 * hourMs });
  });
  const leaf = async (authority: Authority, lifetimeMs: number): Promise<Buffer> => {
    const request = { name: 'gateway', uri: 'spiffe://gatehouse/gateway', now, lifetimeMs };
    return Buffer.from((await issueCertificate(authority, request)).certificate);
  };
  const bundle = (...authorities: Authority[]): Buffer =>
    Buffer.from(authorities.map(({ certificate }) => certificate).join(''));

  it('are good until they expire, or what signed them does', async () => {
    const ofLong = await leaf(long, 10 * hourMs);
    expect(shownCertificate('a', ofLong).validUntil).toBe(now + 10 * hourMs);
    expect(shownCertificate('a', ofLong, bundle(short, long)).validUntil).toBe(now + 10 * hourMs);
    expect(shownCertificate('a', await leaf(short, 10 * hourMs), bundle(short, long)).validUntil).toBe(now + hourMs);
  });

  it('are good as a chain while all of it is, and as authorities while one of them is', async () => {
    const chain = Buffer.concat([await leaf(long, 10 * hourMs), bundle(short)]);
    expect(shownCertificate('a', chain).validUntil).toBe(now + hourMs);
    expect(trustedAuthorities('ca', bundle(short, long)).validUntil).toBe(now + 100 * hourMs);
  });

  it('are told once for each file, as they were read last, and no more when they are not used', async () => {
    const [first, second] = [useCertificates(), useCertificates()];
    first.certificates = [shownCertificate('a', await leaf(long, hourMs))];
    const renewed = { ...shownCertificate('a', await leaf(long, 2 * hourMs)), validFrom: now + 1 };
    second.certificates = [renewed, trustedAuthorities('ca', bundle(long))];
    expect(certificatesInUse().map(({ file, validUntil }) => [file, validUntil])).toEqual([
      ['a', now + 2 * hourMs],
      ['ca', now + 100 * hourMs],
    ]);
    first.certificates = [];
    second.certificates = [];
    expect(certificatesInUse()).toEqual([]);
  });

  it('make a process fit for nothing when one of its own is over, or has not begun, and only then', async () => {
    const use = useCertificates();
    const used = shownCertificate('tls.crt', await leaf(long, hourMs));
    use.certificates = [used];
    await expect(ownCertificatesAreGood(now + 2 * hourMs)).resolves.toBeUndefined();
    use.certificates = [{ ...used, isOwn: true }];
    await expect(ownCertificatesAreGood(now)).resolves.toBeUndefined();
    await expect(ownCertificatesAreGood(now + hourMs)).rejects.toThrow('tls.crt has expired');
    await expect(ownCertificatesAreGood(now - hourMs)).rejects.toThrow('tls.crt is not good before');
    use.certificates = [];
  });
});
