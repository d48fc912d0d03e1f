import { readCredentials } from './credentials.js';

describe('readCredentials', () => {
  it.each([
    { headers: {}, credentials: undefined },
    { headers: { authorization: 'Bearer abc.def.ghi' }, credentials: { kind: 'jwt', token: 'abc.def.ghi' } },
    { headers: { authorization: 'bearer  abc' }, credentials: { kind: 'jwt', token: 'abc' } },
    { headers: { 'x-api-key': 'gk_1-2_3' }, credentials: { kind: 'api-key', key: 'gk_1-2_3' } },
  ])('reads $headers', ({ headers, credentials }) => {
    expect(readCredentials(headers, 'x-api-key', 8_192)).toEqual(credentials);
  });

  it.each([
    { what: 'another scheme', headers: { authorization: 'Basic YTpi' } },
    { what: 'no token', headers: { authorization: 'Bearer ' } },
    { what: 'an empty header', headers: { authorization: '' } },
    { what: 'two tokens', headers: { authorization: 'Bearer abc, Bearer def' } },
    { what: 'a token that is too long', headers: { authorization: `Bearer ${'a'.repeat(8_193)}` } },
    { what: 'an empty API key', headers: { 'x-api-key': '' } },
    { what: 'two API keys', headers: { 'x-api-key': 'one, two' } },
    { what: 'an API key of strange characters', headers: { 'x-api-key': 'kéy' } },
  ])('rejects $what', ({ headers }) => {
    expect(() => readCredentials(headers, 'x-api-key', 8_192)).toThrow(
      expect.objectContaining({ code: 'AUTH_CREDENTIALS_REJECTED' }),
    );
  });

  it('refuses a token together with an API key', () => {
    expect(() => readCredentials({ authorization: 'Bearer abc', 'x-api-key': 'def' }, 'x-api-key', 8_192)).toThrow(
      expect.objectContaining({ code: 'REQUEST_HEADER_INVALID' }),
    );
  });

  it('takes the header for nothing when there are no API keys', () => {
    expect(readCredentials({ 'x-api-key': 'def' }, undefined, 8_192)).toBeUndefined();
  });
});
