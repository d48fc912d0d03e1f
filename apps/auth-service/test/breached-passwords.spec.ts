import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { hash as argon2 } from '@node-rs/argon2';

import { CredentialServiceService } from '@libs/grpc';

import { AuthStack } from './auth-stack.fixture.js';
import { aConfirmedPerson, aPerson, newNames } from './person.fixture.js';

const breached = 'zebra umbrella kettle';

describe('a password of a known breach', () => {
  const folder = mkdtempSync(join(tmpdir(), 'breached-passwords-'));
  const file = join(folder, 'breached.txt');
  let stack: AuthStack;

  beforeAll(async () => {
    writeFileSync(file, `${createHash('sha1').update(breached).digest('hex').toUpperCase()}:3\r\n`);
    stack = await AuthStack.start({ BREACHED_PASSWORDS_FILE: file });
  });
  afterAll(async () => {
    await stack.stop();
    rmSync(folder, { recursive: true });
  });

  const refused = (field: string) => ({ status: 400, body: { errors: [{ field, code: 'NOT_ALLOWED' }] } });

  it('is refused at a registration, which leaves nothing behind', async () => {
    const names = newNames();
    expect(await stack.post('/auth/register', { ...names, password: breached })).toMatchObject(refused('password'));
    expect((await stack.post('/auth/register', names)).status).toBe(201);
  });

  it('is refused as a new one, and the old one stays', async () => {
    const { identity, username, password } = await aPerson(stack);
    const body = { currentPassword: password, newPassword: breached };
    expect(await stack.post('/auth/password', body, identity)).toMatchObject(refused('newPassword'));
    expect((await stack.post('/auth/login', { login: username, password })).status).toBe(200);
  });

  it('is refused at a reset, and the letter stays good', async () => {
    const { username, email } = await aConfirmedPerson(stack);
    await stack.post('/auth/password:forgot', { login: username });
    const token = await stack.mailbox.token(email, /new password/);
    const reset = (newPassword: string) => stack.post('/auth/password:reset', { token, newPassword });
    expect(await reset(breached)).toMatchObject(refused('newPassword'));
    expect((await reset('a battery of horses')).status).toBe(204);
  });

  it('is refused to operators, and lets in who has it already', async () => {
    const { userId, username } = await aPerson(stack);
    const credentials = stack.to(CredentialServiceService);
    const set = credentials.setPassword({ userId, password: breached }, { as: 'service' });
    await expect(set).rejects.toMatchObject({ code: 'REQUEST_INVALID', errors: [{ field: 'password' }] });
    await credentials.importPasswordHash({ userId, passwordHash: await argon2(breached) }, { as: 'service' });
    expect((await stack.post('/auth/login', { login: username, password: breached })).status).toBe(200);
  });

  it('stops the start where the list is none', async () => {
    writeFileSync(join(folder, 'other.txt'), 'letmein\n');
    const start = AuthStack.start({ BREACHED_PASSWORDS_FILE: join(folder, 'other.txt') });
    await expect(start).rejects.toThrow('no list of breached passwords');
  });
});
