import { type DestinationStream, type Logger, pino } from 'pino';

import { currentContextOrNone } from '@libs/trusted-headers';

import { errorRecord } from './error-record.js';
import { type LogLevel, LogLevels } from './log-levels.js';
import { readableLine } from './readable-lines.js';
import { redactedPaths, scrub } from './redaction.js';
import { currentService } from './service-scope.js';

/** A logger that writes JSON lines; each carries the service and the ids of the request that is being served. */
export const createLogger = (level: string, fallbackService: string, destination: DestinationStream): Logger =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: redactedPaths, censor: '[redacted]' },
      serializers: { err: (error: unknown) => errorRecord(error) },
      hooks: { streamWrite: scrub },
      mixin: () => ({ service: currentService() ?? fallbackService, ...requestIds() }),
    },
    destination,
  );

function requestIds(): object {
  const context = currentContextOrNone();
  return context === undefined ? {} : { request_id: context.requestId, trace_id: context.traceId };
}

interface Destination {
  write(text: string): unknown;
  flush(done: () => void): void;
}

/** One piece is written in a turn of the event loop. Small ones would pile up while turns are long. */
const longestWrite = 1024 ** 2;

/**
 * Standard output. Lines are written to it asynchronously, because a slow reader of the log must not slow requests
 * down. A person at a terminal gets lines that people read.
 */
function standardOutput(): Destination {
  const output = pino.destination({ dest: 1, sync: false, maxWrite: longestWrite });
  if (!process.stdout.isTTY) return output;
  const readable = readableLine(process.stdout.hasColors());
  return {
    write: (text) => output.write(text.replaceAll(/.+\n/g, (line) => readable(line))),
    flush: (done) => output.flush(() => done()),
  };
}

interface Shared {
  readonly logger: Logger;
  readonly destination: Destination;
  readonly levels: LogLevels;
}

export interface LineStream {
  readonly isWanted: boolean;
  write(text: string): unknown;
}

let shared: Shared | undefined;

/** The one logger of this process, made by whoever asks first. */
export function processLogger(options: { level: string; service: string }): Logger {
  if (shared === undefined) {
    const destination = standardOutput();
    const logger = createLogger(options.level, options.service, destination);
    const levels = new LogLevels(options.level as LogLevel);
    levels.onChange((widest) => (logger.level = widest));
    shared = { destination, logger, levels };
  }
  return shared.logger;
}

/** Which lines this process writes. Services that share it share them. */
export function logLevels(): LogLevels {
  processLogger({ level: 'info', service: '' });
  return (shared as Shared).levels;
}

/**
 * Takes lines of JSON as they are and puts them among those of the one logger: for lines that come by the thousand,
 * whose writer sees to it that no field holds a secret. While `isWanted` is false the level of the logger `name` keeps them out.
 */
export function processLines(options: { level: string; service: string; name: string }): LineStream {
  processLogger(options);
  const { destination, levels } = shared as Shared;
  const isWanted = (): boolean => levels.isEnabled(options.name, 'info');
  const lines = { write: (text: string) => destination.write(text), isWanted: isWanted() };
  levels.onChange(() => (lines.isWanted = isWanted()));
  return lines;
}

/** Writes out what is still in memory. Call it before the process exits. */
export async function flushLogs(): Promise<void> {
  const destination = shared?.destination;
  if (destination !== undefined) await new Promise<void>((resolve) => destination.flush(() => resolve()));
}
