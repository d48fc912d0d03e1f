import { HashingThreads } from './hashing-threads.js';

const cost = { memoryCost: 64, timeCost: 2, parallelism: 1 };
const dear = { memoryCost: 65_536, timeCost: 4, parallelism: 1 };

describe('HashingThreads', () => {
  let threads: HashingThreads;
  beforeEach(() => {
    threads = new HashingThreads(1, 2);
  });
  afterEach(() => threads.close());

  it('hash and verify', async () => {
    const storedHash = await threads.run('hash', { password: 'correct horse', options: cost });
    await expect(threads.run('verify', { storedHash, password: 'correct horse' })).resolves.toBe(true);
    await expect(threads.run('verify', { storedHash, password: 'wrong horse' })).resolves.toBe(false);
  });

  it('send away whoever finds the queue full, and take the next when it has moved on', async () => {
    const hash = () => threads.run('hash', { password: 'correct horse', options: dear });
    await hash();
    const taken = [hash(), hash(), hash()];

    expect(() => threads.refuseIfFull()).toThrow(expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }));
    await expect(hash()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });

    await Promise.all(taken);
    expect(() => threads.refuseIfFull()).not.toThrow();
    await expect(hash()).resolves.toMatch(/^\$argon2id\$/);
  });

  it('rest between hashes that follow one another', async () => {
    const hash = () => threads.run('hash', { password: 'correct horse', options: dear });
    await hash();
    const before = process.cpuUsage();
    const startedAt = performance.now();
    for (let n = 0; n < 4; n += 1) await hash();
    const { user, system } = process.cpuUsage(before);
    const took = performance.now() - startedAt;
    // Half of a processor; a machine that is busy otherwise gives less. Without a rest it is a whole one.
    expect((user + system) / 1_000 / took).toBeLessThan(0.8);
  });

  it('go on after work that fails', async () => {
    await expect(threads.run('verify', { storedHash: 'no hash', password: 'any' })).rejects.toThrow();
    await expect(threads.run('hash', { password: 'next', options: cost })).resolves.toMatch(/^\$argon2id\$/);
  });

  it('leave the event loop free meanwhile', async () => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    await threads.run('hash', { password: 'correct horse', options: dear });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  });
});
