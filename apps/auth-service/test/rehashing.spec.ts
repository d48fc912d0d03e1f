import { hash } from '@node-rs/bcrypt';

import { CredentialStore } from '../src/credentials/credential.store.js';
import { PasswordCheck } from '../src/credentials/password-check.js';
import { AuthModule } from './auth-module.fixture.js';

const userId = '01932c07-4e5a-7c1e-9b3f-2a6d8e4f0c11';

describe('a password hash', () => {
  let auth: AuthModule;
  beforeAll(async () => {
    auth = await AuthModule.start({ PASSWORD_MEMORY_KIB: '20480' });
  });
  afterAll(() => auth.stop());

  const stored = () => auth.app.get(CredentialStore).hashOf(userId);
  const isRight = (password: string) => auth.app.get(PasswordCheck).isRight(userId, password);

  it('of another cost is made anew at the next right password, and not before', async () => {
    const credentials = auth.app.get(CredentialStore);
    const imported = await hash('correct horse', 8);
    await credentials.put(userId, imported);

    expect(await isRight('wrong horse')).toBe(false);
    expect(await stored()).toBe(imported);
    expect(await isRight('correct horse')).toBe(true);
    const renewed = await stored();
    expect(renewed).toMatch(/^\$argon2id\$v=19\$m=20480,t=2,p=1\$/);
    expect(await isRight('correct horse')).toBe(true);
    expect(await stored()).toBe(renewed);
  });

  it('that was replaced meanwhile is not brought back', async () => {
    const credentials = auth.app.get(CredentialStore);
    await credentials.put(userId, 'the new one');
    await credentials.renewHash(userId, 'the old one', 'the old one, made anew');
    expect(await stored()).toBe('the new one');
  });
});
