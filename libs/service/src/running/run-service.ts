import { flushLogs } from '@libs/observability';
import { flushSpans } from '@libs/tracing';

import type { RunningService } from './running-service.js';

/** What `runService` needs of `process`. */
export interface ProcessHost {
  on(event: string, listener: (reason: unknown) => void): unknown;
  exit(code: number): void;
  readonly stderr: { write(text: string): unknown };
}

const stopLimitMs = 5_000;
/** A collector that hangs must not keep the process. */
const flushSpansMs = 300;
/** npm passes Ctrl-C on to a process that the terminal has told already: two signals at once are one wish. */
const sameWishMs = 1_000;

/** Runs a process until it is told to stop. Exit code 0 after a clean stop, 78 for wrong settings, else 1. */
export async function runService(start: () => Promise<RunningService>, host: ProcessHost = process): Promise<void> {
  // A start that throws at once is one that fails.
  const starting = (async () => start())();
  let stoppingSince: number | undefined;

  const stop = async (code: number): Promise<void> => {
    if (stoppingSince !== undefined) return;
    stoppingSince = performance.now();
    // A start that was told to stop, and still waits for its database, has nothing to lose: that is no failure.
    let limit = exitAfterLimit(host, code);
    try {
      // A signal that comes early waits for the start: half a start cannot be undone.
      const running = await starting;
      clearTimeout(limit);
      limit = exitAfterLimit(host);
      if (code === 0) {
        clearTimeout(limit);
        await running.retire();
        limit = exitAfterLimit(host);
      }
      await running.stop();
      await flushSpans(flushSpansMs);
      await flushLogs();
      host.exit(code);
    } catch (error) {
      complain(host, error);
      host.exit(1);
    }
  };

  for (const signal of ['SIGINT', 'SIGTERM']) {
    host.on(signal, () => {
      const isImpatient = stoppingSince !== undefined && performance.now() - stoppingSince > sameWishMs;
      if (isImpatient) host.exit(1);
      else void stop(0);
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    host.on(event, (error) => {
      complain(host, error);
      void stop(1);
    });
  }

  try {
    await starting;
  } catch (error) {
    // The reason is the last line: what was logged meanwhile comes before it.
    await flushLogs();
    if (stoppingSince === undefined) complain(host, error);
    host.exit(exitCodeOf(error));
  }
}

const exitAfterLimit = (host: ProcessHost, code = 1): NodeJS.Timeout =>
  setTimeout(() => host.exit(code), stopLimitMs).unref();

const complain = ({ stderr }: ProcessHost, error: unknown): void => void stderr.write(`${describe(error)}\n`);

/** For mistakes of the operator the message says it all; for ours, the stack does. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('exitCode' in error) return error.message;
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'EADDRINUSE') {
    return `${error.message}: another process listens there, perhaps Gatehouse itself. docs/configuration.md has the ports.`;
  }
  if (unusable.has(code) && 'path' in error) {
    return `${error.message}: this process cannot use that path. DATA_DIR says where its data and secrets go.`;
  }
  return [error.stack, reasonOf(error)].filter(Boolean).join('\n');
}

/** In a line, with what caused it: whoever reads the last line only knows what happened. */
function reasonOf(error: Error): string {
  const reasons: string[] = [];
  for (let each: unknown = error; each instanceof Error && reasons.length < 5; each = each.cause) {
    reasons.push(each.message.split('\n', 1)[0] || each.name);
  }
  return `Gatehouse ended: ${reasons.join(': ')}`;
}

/** What the file system says of a folder that is not for this process. */
const unusable = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOSPC']);

const exitCodeOf = (error: unknown): number =>
  error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number' ? error.exitCode : 1;
