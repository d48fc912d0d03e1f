import { type DestinationStream, type Logger, pino } from 'pino';

import { currentContextOrNone } from '@libs/trusted-headers';

import { errorRecord } from './error-record.js';
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

type Destination = ReturnType<typeof pino.destination>;

let shared: { readonly logger: Logger; readonly destination: Destination } | undefined;

/**
 * The one logger of this process, made by whoever asks first. Lines are written to standard output
 * asynchronously: a slow reader of the log must not slow requests down.
 */
export function processLogger(options: { level: string; service: string }): Logger {
  if (shared === undefined) {
    const destination = pino.destination({ dest: 1, sync: false });
    shared = { destination, logger: createLogger(options.level, options.service, destination) };
  }
  return shared.logger;
}

/**
 * Takes lines of JSON as they are and puts them among those of the one logger: for lines that come by the thousand,
 * whose writer sees to it that no field holds a secret. Undefined when the level keeps them out.
 */
export const processLines = (options: { level: string; service: string }): DestinationStream | undefined =>
  processLogger(options).isLevelEnabled('info') ? shared?.destination : undefined;

/** Writes out what is still in memory. Call it before the process exits. */
export async function flushLogs(): Promise<void> {
  const destination = shared?.destination;
  if (destination !== undefined) await new Promise<void>((resolve) => destination.flush(() => resolve()));
}
