import { type LogLevel, logLevelNames, type LogLevels } from '../log-levels.js';

/** In the words of Spring Boot. */
const springName = (level: LogLevel): string => (level === 'silent' ? 'OFF' : level.toUpperCase());
const levelBySpringName = new Map(logLevelNames.map((level) => [springName(level), level]));

export interface LoggerReport {
  readonly configuredLevel: string | null;
  readonly effectiveLevel: string;
}

export interface LoggersReport {
  readonly levels: readonly string[];
  readonly loggers: Readonly<Record<string, LoggerReport>>;
  readonly groups: Readonly<Record<string, never>>;
}

export const rootLogger = 'ROOT';

export const reportLoggers = (levels: LogLevels): LoggersReport => ({
  levels: [...levelBySpringName.keys()],
  loggers: Object.fromEntries(
    [rootLogger, ...levels.names].map((name) => [name, reportLogger(levels, name) as LoggerReport]),
  ),
  groups: {},
});

/** Undefined if no such logger is known. */
export function reportLogger(levels: LogLevels, name: string): LoggerReport | undefined {
  if (name === rootLogger) return { configuredLevel: springName(levels.root), effectiveLevel: springName(levels.root) };
  if (!levels.names.includes(name)) return undefined;
  const own = levels.ownLevel(name);
  return {
    configuredLevel: own === undefined ? null : springName(own),
    effectiveLevel: springName(levels.levelOf(name)),
  };
}

/** The body of a change: `{ "configuredLevel": "DEBUG" }`; null or nothing takes a change back. */
export function readLevel(body: unknown): { readonly level: LogLevel | undefined } | undefined {
  if (body === undefined || body === null) return { level: undefined };
  if (typeof body !== 'object' || Array.isArray(body)) return undefined;
  const { configuredLevel = null } = body as { readonly configuredLevel?: unknown };
  if (configuredLevel === null) return { level: undefined };
  const level = typeof configuredLevel === 'string' ? levelBySpringName.get(configuredLevel.toUpperCase()) : undefined;
  return level === undefined ? undefined : { level };
}
