import type { OnApplicationShutdown } from '@nestjs/common';

import { processLines } from '@libs/observability';

import type { AccessLine } from './access-line.js';

/** Where the lines go. */
export abstract class AccessLogSink {
  abstract write(line: AccessLine): void;
}

/** How long a line waits for others, in ms, and how many characters are enough. */
const longestWaitMs = 20;
const enough = 8_192;

/**
 * Along with the rest of the log, on standard output, and past the machinery of the logger: looking for secrets
 * in every line, and a write for every line, would cost a third of what proxying the request costs.
 */
export class LoggedAccess extends AccessLogSink implements OnApplicationShutdown {
  private waiting = '';
  private isScheduled = false;
  private isEnding = false;

  constructor(
    level: string,
    private readonly log: { readonly isWanted?: boolean; write(text: string): unknown } | undefined = processLines({
      service: 'gateway',
      level,
      name: 'AccessLog',
    }),
  ) {
    super();
  }

  write(line: AccessLine): void {
    if (this.log === undefined || this.log.isWanted === false) return;
    this.waiting += `{"level":"info","time":"${new Date().toISOString()}",${JSON.stringify(line).slice(1)}\n`;
    if (this.waiting.length >= enough || this.isEnding) this.flush();
    else if (!this.isScheduled) this.schedule();
  }

  /** Streams that were cut at the end are told of after this: nothing waits any more. */
  onApplicationShutdown(): void {
    this.isEnding = true;
    this.flush();
  }

  private schedule(): void {
    this.isScheduled = true;
    setTimeout(() => {
      this.isScheduled = false;
      this.flush();
    }, longestWaitMs);
  }

  private flush(): void {
    if (this.waiting !== '') this.log?.write(this.waiting);
    this.waiting = '';
  }
}
