import 'reflect-metadata';

import { createPrivateKey, randomBytes, webcrypto, X509Certificate } from 'node:crypto';

import * as x509 from '@peculiar/x509';

const curve = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
/** Clocks differ: what begins now is not yet valid to a machine that is behind. */
const clockToleranceMs = 5 * 60_000;

x509.cryptoProvider.set(webcrypto as unknown as Crypto);

/** Who signs certificates. `certificate` is PEM and public; the key signs whatever it is asked to. */
export interface Authority {
  readonly certificate: string;
  readonly key: CryptoKey;
  readonly createdAt: number;
}

/** A certificate and its private key, both PEM. */
export interface Issued {
  readonly certificate: string;
  readonly privateKey: string;
}

/** The key comes too, in PEM, because only its maker can keep it. */
export async function makeAuthority(
  name: string,
  { now, lifetimeMs }: { readonly now: number; readonly lifetimeMs: number },
): Promise<Authority & Issued> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=${name}`,
    keys,
    signingAlgorithm: curve,
    notBefore: new Date(now - clockToleranceMs),
    notAfter: new Date(now + lifetimeMs),
    extensions: [
      // It signs certificates of services and no further authorities.
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const pem = pemOf(certificate);
  return { certificate: pem, key: keys.privateKey, privateKey: await exportKey(keys.privateKey), createdAt: now };
}

/** An authority that was kept. */
export async function readAuthority({ certificate, privateKey }: Issued): Promise<Authority> {
  const { validFrom } = new X509Certificate(certificate);
  const der = createPrivateKey(privateKey).export({ type: 'pkcs8', format: 'der' });
  const key = await webcrypto.subtle.importKey('pkcs8', der, curve, false, ['sign']);
  return { certificate, key: key as CryptoKey, createdAt: Date.parse(validFrom) + clockToleranceMs };
}

export interface CertificateRequest {
  /** The service: its common name, and the first of its DNS names. */
  readonly name: string;
  /** Who it is to those that it calls. */
  readonly uri: string;
  readonly dnsNames?: readonly string[];
  readonly now: number;
  readonly lifetimeMs: number;
}

/** A certificate with a new key, for both ends of a connection. */
export async function issueCertificate(authority: Authority, request: CertificateRequest): Promise<Issued> {
  const { name, uri, dnsNames = [], now, lifetimeMs } = request;
  const keys = await generateKeys();
  const issuer = new x509.X509Certificate(authority.certificate);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: `CN=${name}`,
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: authority.key,
    signingAlgorithm: curve,
    notBefore: new Date(now - clockToleranceMs),
    notAfter: new Date(now + lifetimeMs),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: 'url', value: uri },
        ...[name, ...dnsNames].map((value) => ({ type: 'dns' as const, value })),
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return { certificate: pemOf(certificate), privateKey: await exportKey(keys.privateKey) };
}

const generateKeys = (): Promise<CryptoKeyPair> =>
  webcrypto.subtle.generateKey(curve, true, ['sign', 'verify']) as Promise<CryptoKeyPair>;

/** Positive, and too long to guess (CA/Browser Forum baseline requirements §7.1). */
const serialNumber = (): string => `4${randomBytes(15).toString('hex')}`.padEnd(32, '0');

const pemOf = (certificate: x509.X509Certificate): string => `${certificate.toString('pem')}\n`;

async function exportKey(key: CryptoKey): Promise<string> {
  const der = await webcrypto.subtle.exportKey('pkcs8', key);
  return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' }).export({
    type: 'pkcs8',
    format: 'pem',
  }) as string;
}
