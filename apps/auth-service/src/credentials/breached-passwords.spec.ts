import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BreachedPasswords } from './breached-passwords.js';

const sha1 = (password: string): string => createHash('sha1').update(password).digest('hex').toUpperCase();

describe('BreachedPasswords', () => {
  const folder = mkdtempSync(join(tmpdir(), 'breached-passwords-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const opened = async (text: string): Promise<BreachedPasswords> => {
    const file = join(folder, 'list');
    writeFileSync(file, text);
    return BreachedPasswords.open(file);
  };
  const passwords = Array.from({ length: 500 }, (_, n) => `password number ${n}`);
  const hashes = passwords.map(sha1).toSorted();

  it.each([
    { form: 'as they are given out', text: hashes.map((hash, n) => `${hash}:${n ** 4}\r\n`).join('') },
    { form: 'without counts', text: hashes.join('\n') },
    { form: 'in small letters', text: `${hashes.join('\n').toLowerCase()}\n` },
  ])('know every one of a list, and nothing else: $form', async ({ text }) => {
    const breached = await opened(text);
    for (const password of passwords) expect(await breached.has(password)).toBe(true);
    for (const password of passwords) expect(await breached.has(`${password}!`)).toBe(false);
    breached.close();
  });

  it.each([1, 2, 3])('are searched to the ends of a list of %i', async (length) => {
    const some = passwords.slice(0, length);
    const breached = await opened(some.map(sha1).toSorted().join('\n'));
    for (const password of some) expect(await breached.has(password)).toBe(true);
    expect(await breached.has('another one')).toBe(false);
    breached.close();
  });

  it('refuse one in any Unicode form, and name the field', async () => {
    const breached = await opened(`${sha1('caf\u00e9 au lait')}:12\r\n`);
    const refused = { code: 'REQUEST_INVALID', errors: [{ field: 'newPassword' }] };
    await expect(breached.refuse('caf\u00e9 au lait', 'newPassword')).rejects.toMatchObject(refused);
    await expect(breached.refuse('cafe\u0301 au lait', 'newPassword')).rejects.toMatchObject(refused);
    await expect(breached.refuse('th\u00e9 au lait', 'newPassword')).resolves.toBeUndefined();
    breached.close();
  });

  it.each(['', 'passwords\n', 'hunter2\nletmein\n'])('are not read from %j', async (text) => {
    await expect(opened(text)).rejects.toThrow('no list of breached passwords');
  });

  it('are not there without their file', async () => {
    await expect(BreachedPasswords.open(join(folder, 'nowhere'))).rejects.toThrow('ENOENT');
  });
});
