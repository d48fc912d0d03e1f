import { type LogLevel, logLevelNames, type LogLevels } from '../logging/log-levels.js';

/** In the words of Spring Boot. */
const springName = (level: LogLevel): string => (level === 'silent' ? 'OFF' : level.toUpperCase());
const levelBySpringName = new Map(logLevelNames.map((level) => [springName(level), level]));

export interface LoggerReport {
  readonly configuredLevel: string | null;
  readonly effectiveLevel: string;
}

export interface LoggerGroupReport {
  readonly configuredLevel?: string;
  readonly members: readonly string[];
}

export interface LoggersReport {
  readonly levels: readonly string[];
  readonly loggers: Readonly<Record<string, LoggerReport>>;
  readonly groups: Readonly<Record<string, LoggerGroupReport>>;
}

/** What an operator wants to hear more of, or less, together. */
const groups: Readonly<Record<string, readonly string[]>> = {
  web: ['AccessLog', 'Refusal', 'GrpcErrorFilter', 'SecurityLog'],
  balance: ['Balance', 'Health', 'Discovery', 'Admission', 'Identity'],
  stores: ['Database', 'Migrations', 'PersistenceLifecycle', 'OutboxRelay', 'AuditRelay', 'EndingsFollower', 'Redis'],
};

/** The names of a group, or undefined. */
export const membersOf = (name: string): readonly string[] | undefined =>
  Object.hasOwn(groups, name) ? groups[name] : undefined;

export const rootLogger = 'ROOT';

export const reportLoggers = (levels: LogLevels): LoggersReport => ({
  levels: [...levelBySpringName.keys()],
  loggers: Object.fromEntries(
    [rootLogger, ...levels.names].map((name) => [name, reportLogger(levels, name) as LoggerReport]),
  ),
  groups: Object.fromEntries(Object.keys(groups).map((name) => [name, reportGroup(levels, name) as LoggerGroupReport])),
});

/** Undefined if there is no such group. Its level is told when all of it was set to one. */
export function reportGroup(levels: LogLevels, name: string): LoggerGroupReport | undefined {
  const members = membersOf(name);
  if (members === undefined) return undefined;
  const [level, ...others] = new Set(members.map((member) => levels.ownLevel(member)));
  const isOne = level !== undefined && others.length === 0;
  return { ...(isOne ? { configuredLevel: springName(level) } : {}), members };
}

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
