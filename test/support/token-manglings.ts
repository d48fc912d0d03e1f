import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

import { encode, type JsonObject, type TestIssuer } from './test-issuer.js';

/** One way to make a bad token of a good one. `trap` is an address that nobody may ever connect to. */
export interface Mangling {
  readonly what: string;
  readonly make: (issuer: TestIssuer, trap: string) => string;
}

const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const strangersJwk = { ...stranger.publicKey.export({ format: 'jwk' }), kid: 'RS256', alg: 'RS256', use: 'sig' };
const soon = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;

const withHeader = (what: string, header: JsonObject): Mangling => ({
  what,
  make: (issuer) => issuer.write({ header }),
});
const withClaims = (what: string, claims: () => JsonObject): Mangling => ({
  what,
  make: (issuer) => issuer.write({ claims: claims() }),
});

const parts = (token: string): [string, string, string] => token.split('.') as [string, string, string];
const unsigned = (issuer: TestIssuer, alg: unknown): string =>
  `${encode({ alg, typ: 'at+jwt', kid: 'RS256' })}.${encode(issuer.claims())}`;

/** RFC 8725 §2.1: no signature at all. */
const none: Mangling[] = ['none', 'None', 'NONE', 'nOnE', 'none ', '', null, 0, ['none'], undefined].flatMap((alg) => [
  { what: `alg ${JSON.stringify(alg)} and no signature`, make: (issuer) => `${unsigned(issuer, alg)}.` },
  {
    what: `alg ${JSON.stringify(alg)} and a signature of the issuer`,
    make: (issuer) => issuer.write({ header: { alg } }),
  },
]);

const asSecret = {
  pem: (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }),
  der: (key: KeyObject) => key.export({ type: 'spki', format: 'der' }),
  jwk: (key: KeyObject) => JSON.stringify(key.export({ format: 'jwk' })),
};

/** RFC 8725 §2.1: the public key, which everybody has, taken for the secret of an HMAC. */
const confusion: Mangling[] = (['RS256', 'ES256', 'EdDSA'] as const).flatMap((algorithm) =>
  ['HS256', 'HS384', 'HS512'].flatMap((alg) =>
    (['pem', 'der', 'jwk'] as const).map((format) => ({
      what: `${alg} with the public key of ${algorithm} (${format}) as the secret`,
      make: (issuer: TestIssuer): string => {
        const input = `${encode({ alg, typ: 'at+jwt', kid: algorithm })}.${encode(issuer.claims())}`;
        const secret = asSecret[format](issuer.publicKey(algorithm));
        return `${input}.${createHmac(`sha${alg.slice(2)}`, secret)
          .update(input)
          .digest('base64url')}`;
      },
    })),
  ),
);

const otherAlgorithms: Mangling[] = [
  withHeader('an algorithm that is not of the issuer', { alg: 'RS512' }),
  withHeader('an algorithm in lower case', { alg: 'rs256' }),
  withHeader('the algorithm of another kind of key', { alg: 'ES256' }),
  { what: 'an RSA key for ES256', make: (issuer) => issuer.write({ header: { alg: 'ES256', kid: 'RS256' } }) },
  { what: 'an EC key for RS256', make: (issuer) => issuer.write({ header: { kid: 'ES256' } }) },
  {
    what: 'an Ed25519 key for ES256',
    make: (issuer) => issuer.write({ algorithm: 'ES256', header: { kid: 'EdDSA' } }),
  },
  {
    what: 'the padding of PS256 for RS256',
    make: (issuer) => {
      const [header, claims] = parts(issuer.write());
      const key = { key: issuer.privateKey('RS256'), padding: 6, saltLength: 32 };
      return `${header}.${claims}.${sign('sha256', Buffer.from(`${header}.${claims}`), key).toString('base64url')}`;
    },
  },
];

const keyIds: Mangling[] = [
  '../../../../dev/null',
  '/dev/null',
  '/proc/self/environ',
  'file:///etc/passwd',
  "RS256' OR '1'='1",
  "x' UNION SELECT 'secret' --",
  '"; DROP TABLE signing_keys; --',
  '$(curl 127.0.0.1)',
  '| id',
  'RS256\u0000',
  ' RS256',
  'rs256',
  '',
  '*',
  '__proto__',
  'constructor',
  'toString',
  'k'.repeat(4_000),
  null,
  0,
  true,
  ['RS256'],
  { kid: 'RS256' },
  undefined,
].map((kid) => withHeader(`kid ${JSON.stringify(kid)?.slice(0, 40)}`, { kid }));

/** RFC 8725 §3.10: where to find the key, in the words of whoever sends the token. */
const ownKeys: Mangling[] = [
  ...(['jku', 'x5u'] as const).flatMap((name): Mangling[] => [
    {
      what: `${name}, signed by a stranger`,
      make: (issuer, trap) => issuer.write({ header: { [name]: `${trap}/jwks` }, privateKey: stranger.privateKey }),
    },
    {
      what: `${name} and a key id of that set`,
      make: (issuer, trap) =>
        issuer.write({ header: { [name]: `${trap}/jwks`, kid: 'theirs' }, privateKey: stranger.privateKey }),
    },
    {
      what: `${name}, signed by the issuer`,
      make: (issuer, trap) => issuer.write({ header: { [name]: `${trap}/jwks` } }),
    },
  ]),
  {
    what: 'jwk, signed by its owner',
    make: (issuer) => issuer.write({ header: { jwk: strangersJwk }, privateKey: stranger.privateKey }),
  },
  {
    what: 'jwk in place of kid',
    make: (issuer) => issuer.write({ header: { jwk: strangersJwk, kid: undefined }, privateKey: stranger.privateKey }),
  },
  withHeader('jwk, signed by the issuer', { jwk: strangersJwk }),
  {
    what: 'x5c, signed by its owner',
    make: (issuer) => issuer.write({ header: { x5c: ['MIIB'] }, privateKey: stranger.privateKey }),
  },
  withHeader('x5c, signed by the issuer', { x5c: ['MIIB'] }),
  {
    what: 'an issuer that is an address',
    make: (issuer, trap) => issuer.write({ claims: { iss: trap }, privateKey: stranger.privateKey }),
  },
];

const headers: Mangling[] = [
  withHeader('crit with a name that nobody knows', { crit: ['exp'] }),
  withHeader('crit with b64', { crit: ['b64'], b64: false }),
  withHeader('an empty crit', { crit: [] }),
  withHeader('crit that is null', { crit: null }),
  withHeader('no typ', { typ: undefined }),
  ...[
    'JWT',
    'jwt',
    'id+jwt',
    'refresh+jwt',
    'logout+jwt',
    'dpop+jwt',
    'secevent+jwt',
    'application/id+jwt',
    'JWE',
    '',
    'jwt ',
    1,
  ].map((typ) => withHeader(`typ ${JSON.stringify(typ)}`, { typ })),
];

const claims: Mangling[] = [
  withClaims('another audience', () => ({ aud: 'elsewhere' })),
  withClaims('no audience', () => ({ aud: undefined })),
  withClaims('an audience that is null', () => ({ aud: null })),
  withClaims('an audience that begins like ours', () => ({ aud: 'gatehouse.evil' })),
  withClaims('an audience in upper case', () => ({ aud: 'GATEHOUSE' })),
  withClaims('a list of other audiences', () => ({ aud: ['elsewhere', 'gatehouse.evil'] })),
  withClaims('an empty list of audiences', () => ({ aud: [] })),
  withClaims('a list in a list of audiences', () => ({ aud: [['gatehouse']] })),
  withClaims('a list of audiences that are no texts', () => ({ aud: ['gatehouse', { gatehouse: true }] })),
  withClaims('an audience that is an object', () => ({ aud: { 0: 'gatehouse' } })),
  withClaims('another issuer', () => ({ iss: 'https://elsewhere.test' })),
  withClaims('an issuer with a slash more', () => ({ iss: 'https://issuer.test/' })),
  withClaims('a list of issuers', () => ({ iss: ['https://issuer.test'] })),
  withClaims('no issuer', () => ({ iss: undefined })),
  withClaims('an issuer that every object has', () => ({ iss: '__proto__' })),
  withClaims('no expiry', () => ({ exp: undefined })),
  withClaims('an expiry that is null', () => ({ exp: null })),
  withClaims('an expiry that is a text', () => ({ exp: String(soon(600)) })),
  withClaims('an expiry in a list', () => ({ exp: [soon(600)] })),
  withClaims('a start in the future', () => ({ nbf: soon(600) })),
  withClaims('a start that is a text', () => ({ nbf: 'now' })),
  withClaims('a time of issue that is a text', () => ({ iat: 'now' })),
  withClaims('no subject', () => ({ sub: undefined })),
  withClaims('an empty subject', () => ({ sub: '' })),
  withClaims('a subject that is a list', () => ({ sub: ['user-alice'] })),
  withClaims('a subject that is very long', () => ({ sub: 'u'.repeat(4_000) })),
];

/** `{"a":1,"a":2}`: what comes last counts for one reader, what comes first for another. */
const twice = (object: JsonObject, name: string, value: unknown): string =>
  `${JSON.stringify(object).slice(0, -1)},"${name}":${JSON.stringify(value)}}`;

const repeated: Mangling[] = [
  ...(
    [
      ['alg', 'none'],
      ['alg', 'RS256'],
      ['kid', 'ES256'],
      ['typ', 'at+jwt'],
    ] as const
  ).map(([name, value]): Mangling => ({
    what: `${name} twice in the header, the second time ${value}`,
    make: (issuer) => issuer.write({ headerText: twice({ alg: 'RS256', typ: 'at+jwt', kid: 'RS256' }, name, value) }),
  })),
  ...(
    [
      ['sub', 'user-admin'],
      ['sub', 'user-alice'],
      ['aud', 'gatehouse'],
      ['\\u0073ub', 'user-admin'],
    ] as const
  ).map(([name, value]): Mangling => ({
    what: `${name} twice in the claims, the second time ${value}`,
    make: (issuer) => issuer.write({ claimsText: twice(issuer.claims(), name, value) }),
  })),
  {
    what: 'a name twice deep in the claims',
    make: (issuer) =>
      issuer.write({ claimsText: `${JSON.stringify(issuer.claims()).slice(0, -1)},"act":{"sub":"a","sub":"b"}}` }),
  },
];

/** The last character of a part holds bits that no byte needs; set, they give the same bytes. */
function withLooseBits(part: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet.indexOf(part.at(-1) ?? '');
  return part.slice(0, -1) + alphabet.charAt(last + 1);
}

const mangled = (what: string, mangle: (good: [string, string, string], issuer: TestIssuer) => string): Mangling => ({
  what,
  make: (issuer) => mangle(parts(issuer.write()), issuer),
});

const sloppy: Mangling[] = [
  mangled('a padded signature', ([h, c, s]) => `${h}.${c}.${s}==`),
  mangled('a padded header', ([h, c, s]) => `${h}=.${c}.${s}`),
  {
    what: 'a header that was padded before it was signed',
    make: (issuer) => {
      const input = `${encode({ alg: 'RS256', typ: 'at+jwt', kid: 'RS256' })}==.${encode(issuer.claims())}`;
      return `${input}.${issuer.sign('RS256', input).toString('base64url')}`;
    },
  },
  {
    what: 'claims in the alphabet of base64',
    make: (issuer) => {
      const text = Buffer.from(JSON.stringify(issuer.claims({ note: '>>>???~~~ÿÿÿ' }))).toString('base64');
      const input = `${encode({ alg: 'RS256', typ: 'at+jwt', kid: 'RS256' })}.${text.replaceAll('=', '')}`;
      return `${input}.${issuer.sign('RS256', input).toString('base64url')}`;
    },
  },
  {
    what: 'a signature in the alphabet of base64',
    make: (issuer) => {
      for (;;) {
        const [h, c, s] = parts(issuer.write({ claims: { jti: String(Math.random()) } }));
        const other = s.replaceAll('-', '+').replaceAll('_', '/');
        if (other !== s) return `${h}.${c}.${other}`;
      }
    },
  },
  mangled('bits left over in the signature', ([h, c, s]) => `${h}.${c}.${withLooseBits(s)}`),
  mangled('a space in the claims', ([h, c, s]) => `${h}.${c.slice(0, 5)} ${c.slice(5)}.${s}`),
  mangled('a tab in the signature', ([h, c, s]) => `${h}.${c}.${s.slice(0, 5)}\t${s.slice(5)}`),
  mangled('a character that is in no alphabet', ([h, c, s]) => `${h}.${c}.${s}~`),
  {
    what: 'claims that are no UTF-8',
    make: (issuer) => {
      const bytes = Buffer.concat([
        Buffer.from(JSON.stringify(issuer.claims()).slice(0, -1)),
        Buffer.from([...Buffer.from(',"x":"'), 0xff, 0xc0, ...Buffer.from('"}')]),
      ]);
      const input = `${encode({ alg: 'RS256', typ: 'at+jwt', kid: 'RS256' })}.${bytes.toString('base64url')}`;
      return `${input}.${issuer.sign('RS256', input).toString('base64url')}`;
    },
  },
  {
    what: 'a byte order mark',
    make: (issuer) => issuer.write({ claimsText: `\ufeff${JSON.stringify(issuer.claims())}` }),
  },
  {
    what: 'a comma too many',
    make: (issuer) => issuer.write({ claimsText: `${JSON.stringify(issuer.claims()).slice(0, -1)},}` }),
  },
];

const shapes: Mangling[] = [
  mangled('one part', ([h]) => h),
  mangled('two parts', ([h, c]) => `${h}.${c}`),
  mangled('four parts', ([h, c, s]) => `${h}.${c}.${s}.${s}`),
  mangled('five parts, as an encrypted token has', ([h, c, s]) => `${h}.${c}.${s}.${c}.${s}`),
  mangled('empty parts', () => '..'),
  mangled('an empty header', ([, c, s]) => `.${c}.${s}`),
  mangled('empty claims', ([h, , s]) => `${h}..${s}`),
  mangled('an empty signature', ([h, c]) => `${h}.${c}.`),
  mangled('a dot at the end', ([h, c, s]) => `${h}.${c}.${s}.`),
  mangled('a token in a token', ([h, c, s], issuer) =>
    issuer.write({ header: { cty: 'JWT' }, claimsText: `${h}.${c}.${s}` }),
  ),
  mangled('a token as a text in a token', ([h, c, s], issuer) =>
    issuer.write({ header: { cty: 'JWT' }, claimsText: JSON.stringify(`${h}.${c}.${s}`) }),
  ),
  ...['null', '[]', '1', '"text"', 'true', '{', ''].flatMap((text): Mangling[] => [
    { what: `the claims ${text}`, make: (issuer) => issuer.write({ claimsText: text }) },
    { what: `the header ${text}`, make: (issuer) => issuer.write({ headerText: text }) },
  ]),
  mangled('JSON in place of base64url', () => '{"alg":"none"}.{"sub":"user-admin"}.x'),
  { what: 'the JSON serialisation of a JWS', make: () => encode({ payload: 'e30', signatures: [] }) },
  { what: 'a token longer than 8 KiB', make: (issuer) => issuer.write({ claims: { fill: 'x'.repeat(7_000) } }) },
  { what: 'nothing but a long text', make: () => 'A'.repeat(8_193) },
  {
    what: 'claims that are nested very deep',
    make: (issuer) => issuer.write({ claimsText: `${'['.repeat(2_500)}${']'.repeat(2_500)}` }),
  },
];

/** How many points P-256 has: r and s must be smaller. */
const order = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551';

const ecdsa: Mangling[] = [
  ...(
    [
      ['zero for r and s', () => Buffer.alloc(64)],
      ['zero for r', (good) => Buffer.concat([Buffer.alloc(32), good.subarray(32)])],
      ['zero for s', (good) => Buffer.concat([good.subarray(0, 32), Buffer.alloc(32)])],
      ['the order of the curve for r and s', () => Buffer.from(order + order, 'hex')],
      ['ones only', () => Buffer.alloc(64, 0xff)],
      ['r and s exchanged', (good) => Buffer.concat([good.subarray(32), good.subarray(0, 32)])],
      ['a byte too few', (good) => good.subarray(1)],
      ['a zero in front', (good) => Buffer.concat([Buffer.alloc(1), good])],
      [
        'r and s a byte longer each',
        (good) => Buffer.concat([Buffer.alloc(1), good.subarray(0, 32), Buffer.alloc(1), good.subarray(32)]),
      ],
    ] as [string, (good: Buffer) => Buffer][]
  ).map(([what, mangle]): Mangling => ({
    what: `ES256 with ${what}`,
    make: (issuer) => {
      const [header, body, signature] = parts(issuer.write({ algorithm: 'ES256' }));
      return `${header}.${body}.${mangle(Buffer.from(signature, 'base64url')).toString('base64url')}`;
    },
  })),
  {
    what: 'ES256 with the DER that TLS writes',
    make: (issuer) => {
      const [header, body] = parts(issuer.write({ algorithm: 'ES256' }));
      const der = sign('sha256', Buffer.from(`${header}.${body}`), issuer.privateKey('ES256'));
      return `${header}.${body}.${der.toString('base64url')}`;
    },
  },
  {
    what: 'EdDSA with zeros',
    make: (issuer) => {
      const [header, body] = parts(issuer.write({ algorithm: 'EdDSA' }));
      return `${header}.${body}.${Buffer.alloc(64).toString('base64url')}`;
    },
  },
];

const signatures: Mangling[] = [
  { what: 'the signature of a stranger', make: (issuer) => issuer.write({ privateKey: stranger.privateKey }) },
  mangled(
    'the signature of another token',
    ([h, c], issuer) => `${h}.${c}.${parts(issuer.write({ claims: { sub: 'x' } }))[2]}`,
  ),
  mangled(
    'other claims than were signed',
    ([h, , s], issuer) => `${h}.${encode(issuer.claims({ sub: 'user-admin' }))}.${s}`,
  ),
  mangled(
    'another header than was signed',
    ([, c, s]) => `${encode({ typ: 'at+jwt', alg: 'RS256', kid: 'RS256' })}.${c}.${s}`,
  ),
  mangled('half of a signature', ([h, c, s]) => `${h}.${c}.${s.slice(0, 172)}`),
];

export const manglings: readonly Mangling[] = [
  ...none,
  ...confusion,
  ...otherAlgorithms,
  ...keyIds,
  ...ownKeys,
  ...headers,
  ...claims,
  ...repeated,
  ...sloppy,
  ...shapes,
  ...ecdsa,
  ...signatures,
];
