import { EventEmitter } from 'node:events';

import { SettingsError } from '@libs/config';

import { runService } from './run-service.js';
import type { RunningService } from './running-service.js';

class FakeProcess extends EventEmitter {
  readonly #exited = Promise.withResolvers<number>();
  readonly exited = this.#exited.promise;
  written = '';
  readonly stderr = { write: (text: string) => void (this.written += text) };
  readonly exit = (code: number): void => this.#exited.resolve(code);
}

const aService = (stop: () => Promise<void> = async () => {}, retire = async () => {}): RunningService => ({
  name: 'tiny',
  http: '',
  grpc: '',
  management: '',
  retire,
  stop,
});

describe('runService', () => {
  it.each(['SIGINT', 'SIGTERM'])('stops once and cleanly on %s, even if it comes twice', async (signal) => {
    const host = new FakeProcess();
    let stops = 0;
    await runService(async () => aService(async () => void stops++), host);
    host.emit(signal);
    host.emit(signal);
    expect(await host.exited).toBe(0);
    expect(stops).toBe(1);
    expect(host.written).toBe('');
  });

  it('retires before it stops, but not when something is broken', async () => {
    const steps: string[] = [];
    const note = (step: string) => async (): Promise<void> => void steps.push(step);
    const [told, broken] = [new FakeProcess(), new FakeProcess()];
    await runService(async () => aService(note('stop'), note('retire')), told);
    told.emit('SIGTERM');
    await told.exited;
    expect(steps.splice(0)).toEqual(['retire', 'stop']);

    await runService(async () => aService(note('stop'), note('retire')), broken);
    broken.emit('uncaughtException', new Error('boom'));
    await broken.exited;
    expect(steps).toEqual(['stop']);
  });

  it('lets a start end before it stops', async () => {
    const host = new FakeProcess();
    const { promise, resolve } = Promise.withResolvers<RunningService>();
    let isStopped = false;
    const run = runService(() => promise, host);
    host.emit('SIGTERM');
    resolve(aService(async () => void (isStopped = true)));
    await run;
    expect(await host.exited).toBe(0);
    expect(isStopped).toBe(true);
  });

  it('is gone in time, and without a complaint, when it is told to stop while its start still waits', async () => {
    const host = new FakeProcess();
    void runService(() => new Promise(() => undefined), host);
    const begun = performance.now();
    host.emit('SIGTERM');
    // The timer is not to keep a process alive: this one has to be.
    const alive = setTimeout(() => undefined, 10_000);
    expect(await host.exited).toBe(0);
    clearTimeout(alive);
    expect(performance.now() - begun).toBeLessThan(8_000);
  }, 15_000);

  it('fails when its stop takes too long', async () => {
    const host = new FakeProcess();
    await runService(async () => aService(() => new Promise(() => undefined)), host);
    host.emit('SIGTERM');
    const alive = setTimeout(() => undefined, 10_000);
    expect(await host.exited).toBe(1);
    clearTimeout(alive);
  }, 15_000);

  it('says what is wrong with the settings, and nothing else', async () => {
    const host = new FakeProcess();
    const mistakes = [{ variable: 'SEAL_KEY', message: 'is required', description: '32 bytes' }];
    await runService(() => Promise.reject(new SettingsError(mistakes)), host);
    expect(await host.exited).toBe(78);
    expect(host.written).toBe('The settings are not valid:\n  SEAL_KEY: is required (32 bytes)\n');
  });

  it('tells of a start that throws at once as of one that rejects', async () => {
    const host = new FakeProcess();
    await runService(() => {
      throw new SettingsError([{ variable: 'SEAL_KEY', message: 'is required', description: '' }]);
    }, host);
    expect(await host.exited).toBe(78);
    expect(host.written).toContain('SEAL_KEY');
  });

  it('says in one line that a port is taken', async () => {
    const host = new FakeProcess();
    const taken = Object.assign(new Error('listen EADDRINUSE: address already in use 127.0.0.1:3001'), {
      code: 'EADDRINUSE',
    });
    await runService(() => Promise.reject(taken), host);
    expect(await host.exited).toBe(1);
    expect(host.written.trimEnd().split('\n')).toHaveLength(1);
  });

  it('says in one line that its data folder is not for it', async () => {
    const host = new FakeProcess();
    const closed = Object.assign(new Error("EACCES: permission denied, mkdir '/data/secrets'"), {
      code: 'EACCES',
      path: '/data/secrets',
    });
    await runService(() => Promise.reject(closed), host);
    expect(await host.exited).toBe(1);
    expect(host.written).toMatch(/^EACCES[^\n]*\/data\/secrets[^\n]*DATA_DIR[^\n]*\n$/);
  });

  it('stops and fails after an error that nobody caught', async () => {
    const host = new FakeProcess();
    let isStopped = false;
    await runService(async () => aService(async () => void (isStopped = true)), host);
    host.emit('uncaughtException', new Error('boom'));
    expect(await host.exited).toBe(1);
    expect(isStopped).toBe(true);
    expect(host.written).toContain('boom');
  });

  it('fails when the stop fails', async () => {
    const host = new FakeProcess();
    await runService(async () => aService(() => Promise.reject(new Error('stuck'))), host);
    host.emit('SIGTERM');
    expect(await host.exited).toBe(1);
    expect(host.written).toContain('stuck');
  });

  it('tells the reason in the last line, after the stack and with what caused it', async () => {
    const host = new FakeProcess();
    const cause = new Error('connection refused\nby 127.0.0.1');
    await runService(() => Promise.reject(new Error('no keys', { cause })), host);
    expect(await host.exited).toBe(1);
    const lines = host.written.trimEnd().split('\n');
    expect(lines.at(-1)).toBe('Gatehouse ended: no keys: connection refused');
    expect(lines[0]).toBe('Error: no keys');
  });
});
