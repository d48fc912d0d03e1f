import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Of what a process says under load, this much is kept. */
const maxKept = 1_000_000;

/** A process of ours under test: what it says is kept, and shown when it does not do what it should. */
export class Child {
  private readonly process: ChildProcess;
  private said = '';
  readonly exited: Promise<number | null>;

  constructor(
    readonly name: string,
    script: string,
    env: Record<string, string>,
    args: readonly string[] = [],
  ) {
    const { PATH, HOME, CI } = process.env;
    this.process = spawn(process.execPath, ['--enable-source-maps', script, ...args], {
      // Nothing else is inherited: a test must not depend on what the developer's shell has set.
      env: { PATH, HOME, CI, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process.stdout?.on('data', this.keep);
    this.process.stderr?.on('data', this.keep);
    this.exited = once(this.process, 'exit').then(([code]) => code as number | null);
  }

  get output(): string {
    return this.said;
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  get running(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** Waits until the address answers 200. */
  async ready(url: string, withinMs = 30_000): Promise<void> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const status = await fetch(url, { signal: AbortSignal.timeout(1000) }).then(
        ({ status }) => status,
        () => 0,
      );
      if (status === 200) return;
      if (!this.running || performance.now() > deadline) {
        throw new Error(`${this.name} is not ready at ${url} (last answer ${status}); it said:\n${this.said}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Asks politely, as Ctrl-C does. Resolves with the exit code and the time it took. */
  async stop(signal: 'SIGINT' | 'SIGTERM' = 'SIGTERM'): Promise<{ code: number | null; tookMs: number }> {
    const startedAt = performance.now();
    if (this.running) this.process.kill(signal);
    const code = await this.exited;
    return { code, tookMs: performance.now() - startedAt };
  }

  /** No warning, no clean-up: what kill -9 or a power cut of the container does. */
  async kill(): Promise<void> {
    if (this.running) this.process.kill('SIGKILL');
    await this.exited;
  }

  private readonly keep = (chunk: Buffer): void => {
    this.said += chunk.toString();
    if (this.said.length > 2 * maxKept) this.said = this.said.slice(-maxKept);
  };
}
