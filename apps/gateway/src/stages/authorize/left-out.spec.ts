import { aRequest, type RequestSketch } from '../authenticate/a-request.fixture.js';
import { aKeyPair, aToken, FixedKeys, issuerConfig } from '../authenticate/an-issuer.fixture.js';
import { AuthenticateGuard } from '../authenticate/authenticate.guard.js';
import { BearerTokens } from '../authenticate/tokens/bearer-tokens.js';
import { NoApiKeys } from '../authenticate/api-keys/no-api-keys.js';
import { Sessions, UntrackedSessions } from '../authenticate/sessions/sessions.js';
import { route } from '../../configuration/schema/route.schema.js';
import { AuthorizeGuard } from './authorize.guard.js';
import { ClaimedAccounts } from './claimed-accounts.js';

class OwnSessions extends Sessions {
  check(): boolean {
    return true;
  }
}

const { publicKey, privateKey } = aKeyPair();
const tokens = new BearerTokens([{ config: issuerConfig, keys: new FixedKeys({ 'key-1': publicKey }) }]);
afterAll(() => tokens.close());

/** The code of the refusal, or that the caller enters. */
async function outcomeOf(sessions: Sessions, token: string, sketch: RequestSketch): Promise<string> {
  const authorization = `Bearer ${token}`;
  const { execution } = aRequest({ ...sketch, headers: { authorization, ...sketch.headers } });
  try {
    await new AuthenticateGuard(tokens, sessions, new NoApiKeys()).canActivate(execution);
    await new AuthorizeGuard(new ClaimedAccounts()).canActivate(execution);
    return 'enters';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

interface Restriction {
  readonly claim: string;
  /** Of a caller who enters. */
  readonly good: unknown;
  readonly sketch?: RequestSketch;
  /** Any text is somebody. */
  readonly takesAnyText?: boolean;
  /** Whether it is one of the header of the token. */
  readonly isHeader?: boolean;
}

/** What keeps callers out, by what of a token decides about it. */
const restrictions: Readonly<Record<string, Restriction>> = {
  roles: { claim: 'roles', good: ['editor'], sketch: { access: { roles: ['editor'] } } },
  scopes: { claim: 'scope', good: 'articles:write', sketch: { access: { scopes: ['articles:write'] } } },
  tenants: { claim: 'tid', good: 'tenant-acme', sketch: { headers: { 'x-tenant-id': 'tenant-acme' } } },
  issuers: { claim: 'iss', good: 'https://issuer.test' },
  audiences: { claim: 'aud', good: 'gatehouse' },
  subjects: { claim: 'sub', good: 'user-alice', takesAnyText: true },
  expiry: { claim: 'exp', good: 4_000_000_000 },
  types: { claim: 'typ', good: 'at+jwt', isHeader: true },
  algorithms: { claim: 'alg', good: 'RS256', isHeader: true },
  keys: { claim: 'kid', good: 'key-1', isHeader: true },
};

const anotherText = 'is a text of another kind';
const waysToLeaveOut: Readonly<Record<string, unknown>> = {
  'is missing': undefined,
  'is null': null,
  'is empty': '',
  'is a blank': ' ',
  'is an empty list': [],
  'is a list of nothing': [null],
  'is a list of an empty text': [''],
  'is a list in a list': [['editor', 'articles:write', 'tenant-acme', 'gatehouse']],
  'is a mapping': { 0: 'editor', includes: 'articles:write' },
  'is true': true,
  'is zero': 0,
  [anotherText]: '*/editor/articles:write',
};

const tokenWith = ({ claim, isHeader }: Restriction, value: unknown): string =>
  isHeader === true ? aToken(privateKey, {}, { [claim]: value }) : aToken(privateKey, { [claim]: value });

describe.each(Object.entries(restrictions))('a restriction of %s', (_name, restriction) => {
  const { claim, good, takesAnyText, sketch = {} } = restriction;
  const ways = Object.keys(waysToLeaveOut).filter((way) => takesAnyText !== true || way !== anotherText);

  it('lets in whoever meets it', async () => {
    expect(await outcomeOf(new UntrackedSessions(), tokenWith(restriction, good), sketch)).toBe('enters');
  });

  it.each(ways)(`is not lifted where ${claim} %s`, async (way) => {
    const token = tokenWith(restriction, waysToLeaveOut[way]);
    expect(await outcomeOf(new UntrackedSessions(), token, sketch)).not.toBe('enters');
  });

  // An issuer that calls it something else leaves it out.
  it.each([claim.toUpperCase(), `${claim}s`, `https://issuer.test/${claim}`])(
    'is not lifted by another name for it, %s',
    async (name) => {
      const token =
        restriction.isHeader === true
          ? aToken(privateKey, {}, { [claim]: undefined, [name]: good })
          : aToken(privateKey, { [claim]: undefined, [name]: good });
      expect(await outcomeOf(new UntrackedSessions(), token, sketch)).not.toBe('enters');
    },
  );
});

describe('the options of access', () => {
  it('are each decided here: what a caller leaves out does not lift them', () => {
    const decisions = {
      authenticated: 'asks for credentials, which authenticate.guard.spec.ts leaves out',
      methods: 'is about the kind of credentials; a kind that is not named is refused there',
      roles: 'above',
      scopes: 'above',
      withoutTenant:
        'lifts by being there, for who works in none; a tenant that is left out is in grpc-accounts.spec.ts',
      withoutSecondFactor: 'lifts by being there; `amr` is left out in grpc-accounts.spec.ts',
    };
    expect(Object.keys(decisions).toSorted()).toEqual(Object.keys(route.shape.access.unwrap().shape).toSorted());
  });
});

describe("a session of the platform's own", () => {
  const { sketch = {} } = restrictions['scopes'] as Restriction;

  it('needs no scopes, because it may do what its user may', async () => {
    expect(await outcomeOf(new OwnSessions(), aToken(privateKey), sketch)).toBe('enters');
  });

  it.each(Object.keys(waysToLeaveOut).filter((way) => way !== 'is missing'))(
    'is not whole again where its scope %s',
    async (way) => {
      const token = aToken(privateKey, { scope: waysToLeaveOut[way] });
      expect(await outcomeOf(new OwnSessions(), token, sketch)).not.toBe('enters');
    },
  );

  it('that was cut down to nothing enters nowhere: services take empty scopes for all of them', async () => {
    expect(await outcomeOf(new OwnSessions(), aToken(privateKey, { scope: '' }), {})).not.toBe('enters');
  });
});
