import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { freePort } from '@libs/testing';

export interface Started {
  readonly pid: number;
  readonly port: number;
  readonly url: string;
  /** Where its files are. What it says is beside it. */
  readonly folder: string;
}

/** What a program needs to know to be started: the port that it is to listen on, and a folder of its own. */
export interface Place {
  readonly port: number;
  readonly folder: string;
  /** Writes a file into the folder and returns its path. */
  write(name: string, text: string): string;
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const startTimeoutMs = 60_000;

/** Starts programs on free ports of the loopback address, and ends all of them with this process. */
export class Workshop {
  private readonly root = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  private readonly children: ChildProcess[] = [];

  constructor() {
    process.once('exit', () => this.clear());
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  }

  async start(name: string, commandFor: (place: Place) => Command): Promise<Started> {
    const port = await freePort();
    const folder = join(this.root, `${this.children.length}-${name}`);
    mkdirSync(folder);
    const write = (file: string, text: string): string => {
      writeFileSync(join(folder, file), text);
      return join(folder, file);
    };
    const { program, args, env } = commandFor({ port, folder, write });
    // A file takes what is logged as a disk would; a pipe would make this process the reader, and slow.
    const output = `${folder}.log`;
    const log = openSync(output, 'a');
    const child = spawn(program, args, { cwd: process.cwd(), env: { ...env }, stdio: ['ignore', log, log] });
    closeSync(log);
    this.children.push(child);
    await once(child, 'spawn');
    await this.untilListening(name, child, port, output);
    return { pid: child.pid as number, port, url: `http://127.0.0.1:${port}`, folder };
  }

  async close(): Promise<void> {
    const running = this.children.filter(isRunning);
    const exits = running.map((child) => once(child, 'exit'));
    for (const child of running) child.kill('SIGTERM');
    await Promise.race([Promise.all(exits), wait(5_000, undefined, { ref: false })]);
    this.clear();
  }

  private clear(): void {
    // Not SIGKILL: the master of nginx must get to end its worker.
    for (const child of this.children.filter(isRunning)) child.kill('SIGTERM');
    rmSync(this.root, { recursive: true, force: true });
  }

  private async untilListening(name: string, child: ChildProcess, port: number, output: string): Promise<void> {
    const deadline = performance.now() + startTimeoutMs;
    while (!(await isListening(port))) {
      if (!isRunning(child) || performance.now() > deadline) {
        throw new Error(`${name} did not start:\n${readFileSync(output, 'utf8').slice(-2_000)}`);
      }
      await wait(50);
    }
  }
}

const isRunning = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode === null && signalCode === null;

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
