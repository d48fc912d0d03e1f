import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

import { cbor } from './cbor.fixture.js';

interface Options {
  readonly challenge: string;
  readonly rp?: { readonly id: string };
  readonly rpId?: string;
  readonly user?: { readonly id: string };
}

interface Quirks {
  readonly origin?: string;
  readonly rpId?: string;
  /** Without asking the owner for a fingerprint or a PIN. */
  readonly unverified?: boolean;
}

const flag = { present: 0x01, verified: 0x04, mayBeCopied: 0x08, copied: 0x10, hasCredential: 0x40 };

/** An authenticator with one ES256 passkey, as WebAuthn §6 describes it. */
export class SoftwareAuthenticator {
  readonly credentialId = randomBytes(32);
  counter = 0;
  private readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  private userHandle = '';

  constructor(
    private readonly synchronised = false,
    private readonly origin = 'http://localhost:8080',
  ) {}

  /** What `navigator.credentials.create()` would answer. */
  register(options: Options, quirks: Quirks = {}, statement = { fmt: 'none', attStmt: new Map<string, unknown>() }) {
    this.userHandle = options.user?.id ?? '';
    const clientDataJSON = this.clientData('webauthn.create', options, quirks);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.credentialId.length);
    const credential = Buffer.concat([Buffer.alloc(16), length, this.credentialId, coseKey(this.keys.publicKey)]);
    const authData = Buffer.concat([this.head(options, quirks, flag.hasCredential), credential]);
    const attestationObject = cbor(new Map<string, unknown>([...Object.entries(statement), ['authData', authData]]));
    const response = { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject) };
    return { ...this.credential, response: { ...response, transports: ['internal'] } };
  }

  /** What `navigator.credentials.get()` would answer. */
  assert(options: Options, quirks: Quirks = {}) {
    const clientDataJSON = this.clientData('webauthn.get', options, quirks);
    if (!this.synchronised) this.counter += 1;
    const authenticatorData = this.head(options, quirks);
    const signed = Buffer.concat([authenticatorData, createHash('sha256').update(clientDataJSON).digest()]);
    return {
      ...this.credential,
      response: {
        clientDataJSON: text(clientDataJSON),
        authenticatorData: text(authenticatorData),
        signature: text(sign('sha256', signed, this.keys.privateKey)),
        userHandle: this.userHandle,
      },
    };
  }

  private get credential() {
    const id = text(this.credentialId);
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {} };
  }

  private clientData(type: string, { challenge }: Options, { origin = this.origin }: Quirks): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }

  private head({ rp, rpId }: Options, quirks: Quirks, more = 0): Buffer {
    const id = quirks.rpId ?? rp?.id ?? rpId ?? '';
    const flags =
      flag.present |
      (quirks.unverified === true ? 0 : flag.verified) |
      (this.synchronised ? flag.mayBeCopied | flag.copied : 0) |
      more;
    const rest = Buffer.alloc(5);
    rest.writeUInt8(flags);
    rest.writeUInt32BE(this.counter, 1);
    return Buffer.concat([createHash('sha256').update(id).digest(), rest]);
  }
}

/** RFC 9053 §7.1.1: kty EC2, alg ES256, crv P-256. */
function coseKey(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const [xBytes, yBytes] = [Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
  return cbor(
    new Map<number, unknown>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, xBytes],
      [-3, yBytes],
    ]),
  );
}

const text = (bytes: Buffer): string => bytes.toString('base64url');
