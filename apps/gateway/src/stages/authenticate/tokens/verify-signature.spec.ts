import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

import { isSignedBy } from './verify-signature.js';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const shortRsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
const curve = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
const p256 = curve('P-256');
const ed25519 = generateKeyPairSync('ed25519');
const input = 'header.claims';

const pkcs1 = (hash: string) => (key: KeyObject) => sign(hash, Buffer.from(input), key);
const pss = (hash: string) => (key: KeyObject) =>
  sign(hash, Buffer.from(input), {
    key,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  });
const ecdsa = (hash: string) => (key: KeyObject) => sign(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
const eddsa = (key: KeyObject) => sign(null, Buffer.from(input), key);

describe('isSignedBy', () => {
  it.each([
    { algorithm: 'RS256', pair: rsa, make: pkcs1('sha256') },
    { algorithm: 'RS384', pair: rsa, make: pkcs1('sha384') },
    { algorithm: 'RS512', pair: rsa, make: pkcs1('sha512') },
    { algorithm: 'PS256', pair: rsa, make: pss('sha256') },
    { algorithm: 'PS384', pair: rsa, make: pss('sha384') },
    { algorithm: 'PS512', pair: rsa, make: pss('sha512') },
    { algorithm: 'ES256', pair: p256, make: ecdsa('sha256') },
    { algorithm: 'ES384', pair: curve('P-384'), make: ecdsa('sha384') },
    { algorithm: 'ES512', pair: curve('P-521'), make: ecdsa('sha512') },
    { algorithm: 'EdDSA', pair: ed25519, make: eddsa },
  ] as const)('takes $algorithm for what was signed, and for nothing else', ({ algorithm, pair, make }) => {
    const signature = make(pair.privateKey);
    expect(isSignedBy(pair.publicKey, algorithm, input, signature)).toBe(true);
    expect(isSignedBy(pair.publicKey, algorithm, `${input}x`, signature)).toBe(false);
    expect(isSignedBy(pair.publicKey, algorithm, input, signature.subarray(1))).toBe(false);
    const changed = Buffer.from(signature);
    changed[7] = (changed[7] ?? 0) ^ 1;
    expect(isSignedBy(pair.publicKey, algorithm, input, changed)).toBe(false);
  });

  it.each([
    { algorithm: 'RS256', scheme: {} },
    { algorithm: 'PS256', scheme: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } },
  ] as const)('takes no signature of $algorithm without its leading zero', ({ algorithm, scheme }) => {
    for (let n = 0; ; n += 1) {
      const text = `${input}.${n}`;
      const signature = sign('sha256', Buffer.from(text), { key: rsa.privateKey, ...scheme });
      if (signature[0] !== 0) continue;
      expect(isSignedBy(rsa.publicKey, algorithm, text, signature)).toBe(true);
      expect(isSignedBy(rsa.publicKey, algorithm, text, signature.subarray(1))).toBe(false);
      break;
    }
  });

  it.each([
    { what: 'a key of another kind', key: ed25519.publicKey, algorithm: 'RS256', signature: eddsa(ed25519.privateKey) },
    {
      what: 'a key on another curve',
      key: curve('P-384').publicKey,
      algorithm: 'ES256',
      signature: ecdsa('sha256')(p256.privateKey),
    },
    {
      what: 'an RSA key that is too short',
      key: shortRsa.publicKey,
      algorithm: 'RS256',
      signature: pkcs1('sha256')(shortRsa.privateKey),
    },
    { what: 'zeros for r and s', key: p256.publicKey, algorithm: 'ES256', signature: Buffer.alloc(64) },
    {
      what: 'the DER that TLS writes',
      key: p256.publicKey,
      algorithm: 'ES256',
      signature: sign('sha256', Buffer.from(input), p256.privateKey),
    },
    { what: 'an empty signature', key: rsa.publicKey, algorithm: 'RS256', signature: Buffer.alloc(0) },
    {
      what: 'another padding',
      key: rsa.publicKey,
      algorithm: 'RS256',
      signature: pss('sha256')(rsa.privateKey),
    },
  ] as const)('takes no $what', ({ key, algorithm, signature }) => {
    expect(isSignedBy(key, algorithm, input, signature)).toBe(false);
  });
});
