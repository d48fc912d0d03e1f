import { Logger } from '@nestjs/common';

const logger = new Logger('Nacos');

/** What the package says about its own work is for debugging; what fails is told by whoever asked. */
const quietly = (...parts: unknown[]): void => logger.debug(parts.map(textOf).join(' '));

const textOf = (part: unknown): string => (part instanceof Error ? part.name : String(part));

/** The logger that the package is given. */
export const nacosLog = { debug: quietly, info: quietly, log: quietly, warn: quietly, error: quietly };
