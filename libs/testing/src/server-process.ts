import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

export interface ServerCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly directory: string;
  /** Rejects while the server does not serve yet. */
  readonly probe: () => Promise<void>;
}

const startTimeoutMs = 30_000;

/** One run of a server. It ends with this process, even when this process is killed. */
export class ServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly guard: ChildProcess,
  ) {}

  static async start(command: ServerCommand): Promise<ServerProcess> {
    const logFile = `${command.directory}/server.log`;
    const child = spawn(command.program, command.args, { cwd: command.directory, stdio: ['ignore', 'pipe', 'pipe'] });
    const log = createWriteStream(logFile, { flags: 'a' });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    // A disk that is full has no room for what the server says about it; who does not read would hold it up.
    log.on('error', () => [child.stdout, child.stderr].forEach((said) => said.resume()));
    await once(child, 'spawn');
    const server = new ServerProcess(child, spawnGuard(child, command.directory));
    try {
      await server.untilServing(command.probe);
    } catch (error) {
      await server.end('SIGKILL');
      const said = await readFile(logFile, 'utf8').catch(() => '');
      throw new Error(`${command.program} did not start:\n${said.slice(-2_000)}`, { cause: error });
    }
    return server;
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (!this.ended) {
      const exit = once(this.child, 'exit');
      this.child.ref();
      this.child.kill(signal);
      // A process that is held does not hear SIGTERM.
      this.child.kill('SIGCONT');
      await exit;
    }
    this.guard.kill('SIGKILL');
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.child.kill(signal);
  }

  private get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private async untilServing(probe: () => Promise<void>): Promise<void> {
    const deadline = performance.now() + startTimeoutMs;
    for (;;) {
      try {
        await probe();
        return;
      } catch (error) {
        if (this.ended || performance.now() > deadline) throw error;
      }
      await wait(50);
    }
  }
}

type Unreferable = { unref?(): void } | null;

/** A shell that reads from a pipe of ours: however this process ends, the pipe closes, and the server goes. */
function spawnGuard(child: ChildProcess, directory: string): ChildProcess {
  const script = 'read _; kill -9 "$0" 2>/dev/null; rm -rf -- "$1"';
  const guard = spawn('/bin/sh', ['-c', script, String(child.pid), directory], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // Out of reach of a Ctrl-C at the terminal, which would end the guard before its work.
    detached: true,
  });
  // A test that forgets to stop its server must not hang for that.
  for (const handle of [guard, guard.stdin, child, child.stdout, child.stderr] as Unreferable[]) handle?.unref?.();
  return guard;
}
