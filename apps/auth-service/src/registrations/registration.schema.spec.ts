import { Register } from './registration.schema.js';

const good = { username: 'alice', email: 'alice@example.com', password: 'correct horse' };

describe('Register', () => {
  it('takes names in any case for the same name', () => {
    const { username, email } = Register.parse({ ...good, username: 'Alice.B-2_c', email: 'Alice@Example.com' });
    expect({ username, email }).toEqual({ username: 'alice.b-2_c', email: 'alice@example.com' });
  });

  it('trims displayed names', () => {
    expect(Register.parse({ ...good, displayName: '  Alice 艾 ' }).displayName).toBe('Alice 艾');
  });

  it.each([
    { what: 'a short user name', field: 'username', value: 'al' },
    { what: 'a long user name', field: 'username', value: 'a'.repeat(51) },
    { what: 'a user name with a space', field: 'username', value: 'alice b' },
    { what: 'a user name with an at sign, which would look like an address', field: 'username', value: 'alice@b' },
    { what: 'a user name with a line end', field: 'username', value: 'alice\n' },
    { what: 'a user name in letters that look alike', field: 'username', value: 'аlice' },
    { what: 'a number for a user name', field: 'username', value: 42 },
    { what: 'null for a user name', field: 'username', value: null },
    { what: 'an address without a domain', field: 'email', value: 'alice' },
    { what: 'an address with a line end', field: 'email', value: 'alice@example.com\nbcc:x@y.zz' },
    { what: 'a long address', field: 'email', value: `${'a'.repeat(250)}@example.com` },
    { what: 'a short password', field: 'password', value: 'short' },
    { what: 'a list for a password', field: 'password', value: ['correct horse'] },
    { what: 'a display name of spaces', field: 'displayName', value: '   ' },
    { what: 'a display name with a control character', field: 'displayName', value: 'a\u0000b' },
    { what: 'half a character', field: 'tenantName', value: 'a\ud800b' },
    { what: 'a long tenant name', field: 'tenantName', value: 'x'.repeat(101) },
  ])('refuses $what and names the field', ({ field, value }) => {
    const { error } = Register.safeParse({ ...good, [field]: value });
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual(expect.arrayContaining([field]));
  });

  it('refuses fields that it does not know', () => {
    expect(Register.safeParse({ ...good, platformRoles: ['platform-admin'] }).success).toBe(false);
  });
});
