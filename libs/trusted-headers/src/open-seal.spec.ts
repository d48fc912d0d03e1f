import { randomBytes } from 'node:crypto';

import * as fc from 'fast-check';

import { sealedHeaders } from './header-names.js';
import { anonymous, type Identity, serviceIdentity } from './identity.js';
import { type OpenInput, openSeal } from './open-seal.js';
import { deriveSealKey } from './seal-key.js';
import { sealIdentity } from './seal-identity.js';

const master = randomBytes(32);
const key = deriveSealKey(master, 'project-service');
const now = 1_800_000_000_000;
const target = { method: 'POST', path: '/projects' };

const alice: Identity = {
  userId: 'user-alice',
  userName: 'alice',
  active: true,
  roles: ['owner', 'user'],
  scopes: ['projects:read'],
  tenantId: 'tenant-1',
  sessionId: 'session-1',
  authMethod: 'jwt',
  apiKeyId: '',
};

const seal = (identity: Identity = alice): Record<string, string> =>
  sealIdentity({
    ...target,
    identity,
    requestId: 'request-1',
    traceId: 'trace-1',
    audience: 'project-service',
    key,
    now,
  });

const open = (changes: Partial<OpenInput> = {}) => openSeal({ ...target, headers: seal(), key, now, ...changes });

const refused = expect.objectContaining({ code: 'IDENTITY_SEAL_INVALID' });
const everyHeader = [...sealedHeaders, 'signature', 'signature-input'];

describe('openSeal', () => {
  it.each([
    { who: 'a user', identity: alice },
    { who: 'nobody', identity: anonymous },
    { who: 'a service', identity: serviceIdentity('auth-service') },
  ])('gives back $who as sealed', ({ identity }) => {
    expect(open({ headers: seal(identity) })).toEqual({ identity, requestId: 'request-1', traceId: 'trace-1' });
  });

  it('gives back whatever text stands in an identity', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((value) => value.isWellFormed());
    const part = text.filter((value) => value !== '');
    const identities = fc.record({
      userId: text,
      userName: text,
      active: fc.boolean(),
      roles: fc.array(part),
      scopes: fc.array(part),
      tenantId: text,
      sessionId: text,
      authMethod: fc.constantFrom('jwt', 'api-key', 'service', 'none'),
      apiKeyId: text,
    } as const);
    fc.assert(
      fc.property(identities, (identity) => expect(open({ headers: seal(identity) }).identity).toEqual(identity)),
    );
  });

  it('writes only visible ASCII, so that no value can start another header', () => {
    const headers = seal({ ...alice, userName: 'al\r\nx-roles: platform-admin', roles: ['a,b', 'ü'] });
    for (const value of Object.values(headers)) expect(value).toMatch(/^[ -~]*$/);
    expect(headers['x-roles']).toBe('a%2Cb,%C3%BC');
  });

  it.each(everyHeader)('refuses when %s is missing', (name) => {
    const { [name]: _gone, ...headers } = seal();
    expect(() => open({ headers })).toThrow(refused);
  });

  it.each(everyHeader)('refuses when %s came twice', (name) => {
    const headers = seal();
    expect(() => open({ headers: { ...headers, [name]: [headers[name] ?? '', 'more'] } })).toThrow(refused);
    expect(() => open({ headers: { ...headers, [name]: [headers[name] ?? ''] } })).toThrow(refused);
  });

  it('refuses every other value of every sealed header', () => {
    const change = fc.record({ name: fc.constantFrom(...everyHeader), value: fc.string() });
    fc.assert(
      fc.property(change, ({ name, value }) => {
        const headers = seal();
        fc.pre(headers[name] !== value);
        expect(() => open({ headers: { ...headers, [name]: value } })).toThrow(refused);
      }),
    );
  });

  it('refuses a seal that is cut, grown or edited anywhere', () => {
    const edit = fc.record({
      name: fc.constantFrom(...everyHeader),
      at: fc.nat(400),
      cut: fc.nat(3),
      put: fc.string({ maxLength: 3 }),
    });
    fc.assert(
      fc.property(edit, ({ name, at, cut, put }) => {
        const headers = seal();
        const before = headers[name] ?? '';
        const after = before.slice(0, at) + put + before.slice(at + cut);
        fc.pre(after !== before);
        expect(() => open({ headers: { ...headers, [name]: after } })).toThrow(refused);
      }),
    );
  });

  it('refuses every other spelling of a sealed name, instead of the right one or beside it', () => {
    const spelling = fc.record({
      name: fc.constantFrom(...everyHeader),
      marks: fc.array(fc.constantFrom('_', '.', '-', '~'), { minLength: 3, maxLength: 3 }),
      upper: fc.nat(0xffff),
    });
    fc.assert(
      fc.property(spelling, ({ name, marks, upper }) => {
        let mark = 0;
        const alias = [...name]
          .map((letter, index) =>
            letter === '-' ? (marks[mark++] ?? '_') : upper & (1 << index) ? letter.toUpperCase() : letter,
          )
          .join('');
        fc.pre(alias !== name);
        const headers = seal();
        const { [name]: value = '', ...others } = headers;
        expect(() => open({ headers: { ...others, [alias]: value } })).toThrow(refused);
        expect(() => open({ headers: { ...headers, [alias]: value } })).toThrow(refused);
      }),
    );
  });

  it.each([
    { when: 'it was made for another path', changes: { path: '/projects/1' } },
    { when: 'it was made for a path that differs only in case', changes: { path: '/Projects' } },
    { when: 'it was made for another method', changes: { method: 'DELETE' } },
    { when: 'it was made for another service', changes: { key: deriveSealKey(master, 'ecs-service') } },
    {
      when: 'it was made with another master key',
      changes: { key: deriveSealKey(randomBytes(32), 'project-service') },
    },
    { when: 'it has expired', changes: { now: now + 65_001 } },
    { when: 'it comes from the future', changes: { now: now - 5_001 } },
  ])('refuses when $when', ({ changes }) => {
    expect(() => open(changes)).toThrow(refused);
  });

  it.each([-5_000, 0, 60_000, 65_000])('bears clocks that differ by five seconds (%i ms)', (difference) => {
    expect(open({ now: now + difference }).identity).toEqual(alice);
  });

  it('refuses a call without any headers', () => {
    expect(() => open({ headers: {} })).toThrow(refused);
  });
});
