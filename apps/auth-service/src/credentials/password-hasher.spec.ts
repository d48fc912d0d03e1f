import { HashingThreads } from './hashing-threads.js';
import { PasswordHasher } from './password-hasher.js';

const threads = new HashingThreads(2, 10);
const hasher = new PasswordHasher(threads);
afterAll(() => hasher.onApplicationShutdown());

describe('PasswordHasher', () => {
  it('makes argon2id hashes of 19 MiB, two passes and one lane, each with a salt of its own', async () => {
    const [one, two] = await Promise.all([hasher.hash('correct horse'), hasher.hash('correct horse')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
  });

  it.each([
    { when: 'the password is right', tried: 'correct horse', accepted: true },
    { when: 'the password differs in case', tried: 'Correct horse', accepted: false },
    { when: 'the password has something added', tried: 'correct horse ', accepted: false },
  ])('says $accepted when $when', async ({ tried, accepted }) => {
    const stored = await hasher.hash('correct horse');
    await expect(hasher.verify(stored, tried)).resolves.toBe(accepted);
  });

  it('takes both Unicode forms of a letter for the same letter', async () => {
    const stored = await hasher.hash('gar\u00e7on de caf\u00e9');
    await expect(hasher.verify(stored, 'garc\u0327on de cafe\u0301')).resolves.toBe(true);
  });

  it('never accepts anything where no hash is stored, and still does the work', async () => {
    await expect(hasher.verify(undefined, 'anything at all')).resolves.toBe(false);
  });

  it('tells hashes that are to be made anew: of another cost, or from elsewhere', async () => {
    const dearer = new PasswordHasher(threads, { memoryKib: 20_480, passes: 3 });
    const stored = await hasher.hash('correct horse');
    expect(hasher.isOutdated(stored)).toBe(false);
    expect(dearer.isOutdated(stored)).toBe(true);
    expect(hasher.isOutdated('$2b$10$'.padEnd(60, 'a'))).toBe(true);
    await expect(dearer.verify(stored, 'correct horse')).resolves.toBe(true);
    expect(await dearer.hash('correct horse')).toMatch(/^\$argon2id\$v=19\$m=20480,t=3,p=1\$/);
  });
});
