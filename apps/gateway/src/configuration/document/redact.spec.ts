import { redact, redacted } from './redact.js';

const shown = (configuration: object, environment: Record<string, string> = {}): string =>
  JSON.stringify(redact(configuration, environment));

describe('redact', () => {
  it.each([
    {
      what: 'a header that is set',
      configuration: { routes: [{ requestHeaders: { set: { Authorization: 'Bearer s3cret' } } }] },
    },
    {
      what: 'a key that is set',
      configuration: { routes: [{ requestHeaders: { add: { 'X-Partner-Key': 's3cret' } } }] },
    },
    {
      what: 'what a key is compared with',
      configuration: { routes: [{ headers: [{ name: 'X-Api-Key', is: 's3cret' }] }] },
    },
    {
      what: 'each of what a key is compared with',
      configuration: { routes: [{ headers: [{ name: 'X-Token', oneOf: ['a', 's3cret'] }] }] },
    },
    {
      what: 'a password in a URL',
      configuration: { authentication: { jwt: { issuers: [{ jwksUrl: 'https://me:s3cret@example.com/' }] } } },
    },
  ])('leaves out $what', ({ configuration }) => {
    expect(shown(configuration)).not.toContain('s3cret');
    expect(shown(configuration)).toContain(redacted);
  });

  it('leaves out what came from a variable that is named like a secret, wherever it stands', () => {
    const configuration = { routes: [{ answer: { body: 'code 12345678!' } }] };
    expect(shown(configuration, { PARTNER_TOKEN: '12345678', PLACE: 'code' })).toContain(`code ${redacted}!`);
  });

  it.each([
    { rateLimits: { 'by-key': { key: 'apiKey', algorithm: 'token-bucket' } } },
    {
      authentication: { apiKeys: { header: 'X-Api-Key' }, jwt: { issuers: [{ jwksUrl: 'https://example.com/keys' }] } },
    },
    { routes: [{ id: 'token', path: '/token', headers: [{ name: 'X-Token', present: true }] }] },
    { authentication: { jwt: { issuers: [{ publicKeyFile: '/etc/key.pem' }] } } },
  ])('shows all of %j', (configuration) => {
    expect(redact(configuration)).toEqual(configuration);
  });
});
