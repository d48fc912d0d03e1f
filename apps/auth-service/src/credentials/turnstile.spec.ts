import { Turnstile } from './turnstile.js';

/** Work that ends when the test says so. */
function held(): { work: () => Promise<string>; end: () => void; started: () => boolean } {
  let end = (): void => undefined;
  let started = false;
  const done = new Promise<string>((resolve) => {
    end = () => resolve('done');
  });
  return { work: () => ((started = true), done), end, started: () => started };
}

describe('Turnstile', () => {
  it('runs as many at once as it has places, and the next when one has left', async () => {
    const turnstile = new Turnstile(1, 5);
    const [first, second] = [held(), held()];
    const passed = [turnstile.pass(first.work), turnstile.pass(second.work)];

    await Promise.resolve();
    expect([first.started(), second.started()]).toEqual([true, false]);

    first.end();
    second.end();
    await expect(Promise.all(passed)).resolves.toEqual(['done', 'done']);
  });

  it('sends away whoever finds the queue full', async () => {
    const turnstile = new Turnstile(1, 1);
    const [first, second, third] = [held(), held(), held()];
    const passed = [turnstile.pass(first.work), turnstile.pass(second.work)];

    expect(() => turnstile.refuseIfFull()).toThrow(expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }));
    await expect(turnstile.pass(third.work)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(third.started()).toBe(false);

    first.end();
    second.end();
    await Promise.all(passed);
    expect(() => turnstile.refuseIfFull()).not.toThrow();
  });

  it('gives the place back when the work fails', async () => {
    const turnstile = new Turnstile(1, 0);
    await expect(turnstile.pass(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await expect(turnstile.pass(() => Promise.resolve('next'))).resolves.toBe('next');
  });
});
