import { Logger, PinoLogger } from 'nestjs-pino';

import type { LoggingOptions } from './logging.module.js';
import { processLogger } from './process-logger.js';

const chatty = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
  'NestMicroservice',
]);

/** Nest's logger from its first line on, for `NestFactory`. What Nest says of its own start is for debugging. */
export class ServiceLogger extends Logger {
  constructor(options: LoggingOptions) {
    super(new PinoLogger({ pinoHttp: { logger: processLogger(options) } }), {});
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (chatty.has(String(rest.at(-1)))) super.debug(message, ...rest);
    else super.log(message, ...rest);
  }
}
