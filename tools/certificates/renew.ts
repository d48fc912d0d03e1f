import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { issueCertificate, planAuthorities } from '@libs/certificates';
import { identities, identityUri } from '@libs/mutual-tls';

import { type AuthorityStore, authorityLifetimeMs, type StoredAuthority } from './authority-store.js';
import { writeWhole } from './write-whole.js';

interface Round {
  readonly folder: string;
  readonly store: AuthorityStore;
  readonly leafLifetimeMs: number;
  readonly now: number;
}

/** Brings every identity's folder up to date, and says whose certificate is new. */
export async function renewCertificates({ folder, store, leafLifetimeMs, now }: Round): Promise<string[]> {
  const { issuing, trusted, past } = planAuthorities(await authoritiesIn(store, now), { now, leafLifetimeMs });
  const bundle = trusted.map(({ certificate }) => certificate).join('');
  const renewed: string[] = [];
  for (const name of identities) {
    const place = (file: string): string => join(folder, name, file);
    mkdirSync(join(folder, name), { recursive: true });
    if (textOf(place('ca.crt')) !== bundle) writeWhole(place('ca.crt'), bundle, 0o444);
    if (!isDue(place('tls.crt'), issuing, { leafLifetimeMs, now })) continue;
    const request = { name, uri: identityUri(name), now, lifetimeMs: leafLifetimeMs };
    const { certificate, privateKey } = await issueCertificate(issuing, request);
    // For whom the folder is: the user of the issuer, as in most images, or else the group that the folder has.
    const isOfAnother = statSync(join(folder, name)).gid !== process.getgid?.();
    writeWhole(place('tls.key'), privateKey, isOfAnother ? 0o440 : 0o400);
    writeWhole(place('tls.crt'), certificate, 0o444);
    renewed.push(name);
  }
  for (const authority of past) store.forget(authority);
  return renewed;
}

async function authoritiesIn(store: AuthorityStore, now: number): Promise<[StoredAuthority, ...StoredAuthority[]]> {
  const known = await store.all();
  if (!known.some(({ createdAt }) => now - createdAt < authorityLifetimeMs / 2)) await store.add(now);
  return (await store.all()) as [StoredAuthority, ...StoredAuthority[]];
}

/** With half of its life gone there is time for many more attempts. */
function isDue(file: string, issuing: StoredAuthority, { leafLifetimeMs, now }: Omit<Round, 'folder' | 'store'>) {
  const text = textOf(file);
  if (text === undefined) return true;
  const certificate = new X509Certificate(text);
  const isByIssuing = certificate.checkIssued(new X509Certificate(issuing.certificate));
  return (
    Date.parse(certificate.validTo) - now < leafLifetimeMs / 2 || !isByIssuing || !isSignedBy(certificate, issuing)
  );
}

/** All authorities have one name; the signature tells them apart. */
const isSignedBy = (certificate: X509Certificate, { certificate: authority }: StoredAuthority): boolean =>
  certificate.verify(new X509Certificate(authority).publicKey);

const textOf = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);
