import { Logger, PinoLogger } from 'nestjs-pino';

import type { LoggingOptions } from './logging.module.js';
import type { LogLevel, LogLevels } from './log-levels.js';
import { logLevels, processLogger } from './process-logger.js';

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
  private readonly levels: LogLevels;

  constructor(options: LoggingOptions) {
    super(new PinoLogger({ pinoHttp: { logger: processLogger(options) } }), {});
    this.levels = logLevels();
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (chatty.has(nameIn(rest))) this.debug(message, ...rest);
    else if (this.isWanted('info', rest)) super.log(message, ...rest);
  }

  override debug(message: unknown, ...rest: unknown[]): void {
    if (this.isWanted('debug', rest)) super.debug(message, ...rest);
  }

  override verbose(message: unknown, ...rest: unknown[]): void {
    if (this.isWanted('trace', rest)) super.verbose(message, ...rest);
  }

  override warn(message: unknown, ...rest: unknown[]): void {
    if (this.isWanted('warn', rest)) super.warn(message, ...rest);
  }

  override error(message: unknown, ...rest: unknown[]): void {
    if (this.isWanted('error', rest)) super.error(message, ...rest);
  }

  override fatal(message: unknown, ...rest: unknown[]): void {
    if (this.isWanted('fatal', rest)) super.fatal(message, ...rest);
  }

  private isWanted(level: LogLevel, rest: readonly unknown[]): boolean {
    return this.levels.isEnabled(nameIn(rest), level);
  }
}

/** Nest hands on the name of the logger as the last of what is said. */
function nameIn(rest: readonly unknown[]): string {
  const last = rest.at(-1);
  return typeof last === 'string' && last.length <= 100 ? last : '';
}
