import { processLogger } from '@libs/observability';

import type { AccessLine } from './access-line.js';

/** Where the lines go. */
export abstract class AccessLogSink {
  abstract write(line: AccessLine): void;
}

/**
 * Along with the rest of the log, on standard output. Looking for secrets in every line would cost as much as
 * proxying the request; the fields of these lines are fixed, and none of them holds any.
 */
export class LoggedAccess extends AccessLogSink {
  private readonly logger;

  constructor(level: string) {
    super();
    this.logger = processLogger({ service: 'gateway', level }).child({}, { redact: [] });
  }

  write(line: AccessLine): void {
    this.logger.info(line);
  }
}
